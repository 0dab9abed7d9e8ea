/** A booted kernel on which nothing happens by itself: whoever drives it says which thread calls which routine. */
import {
  TDF_NOSTART,
  TD_TYPE_NETISR,
  boot,
  lwkt_create,
  type Kernel,
  type Params,
  type Thread,
} from "../../model/index.ts";
import {
  Execution,
  Recording,
  fail,
  type Context,
  type Limits,
  type Routine,
  type Step,
  type Strategy,
} from "../../sim/index.ts";

/** A sequence may be as long as it likes. */
const LIMITS: Limits = { stepsMax: 1 << 30, noProgressMax: 1 << 24, ticksMax: 0 };

/** Whoever runs goes on. */
const STAY: Strategy = {
  name: "stay",
  begin: () => true,
  choose: (x, current) => current ?? (x.enabled[0] as Context),
  draw: () => 0,
};

/** A kernel whose booted threads sleep all the time. */
export class CalledKernel {
  readonly k: Kernel;
  /** A thread per CPU that is no netisr, and one that is. */
  readonly #plain: readonly Thread[];
  readonly #netisr: readonly Thread[];

  /** `prepare` may start threads; they run, with the boot, until nothing is left to do. Throws `RunFailure`. */
  constructor(params: Partial<Params>, prepare: (k: Kernel) => void = () => undefined) {
    const x = new Execution(STAY, new Recording(), LIMITS);
    this.k = boot(x, params);
    prepare(this.k);
    x.settle();
    this.#plain = this.k.gd.map(({ gd_cpuid }) => idleThread(this.k, `thread ${gd_cpuid}`, gd_cpuid));
    this.#netisr = this.k.gd.map(({ gd_cpuid }) => idleThread(this.k, `netisr ${gd_cpuid}`, gd_cpuid));
    for (const td of this.#netisr) td.td_type = TD_TYPE_NETISR;
  }

  /** A thread of a CPU. */
  thread(cpu: number, netisr: boolean): Thread {
    const threads = netisr ? this.#netisr : this.#plain;
    return threads[cpu] as Thread; // one per CPU
  }

  /** Has a thread run a routine to its end. A failure if it waits: nobody else runs who could end that. */
  call<T>(td: Thread, make: () => Step<T>): T {
    const { x } = this.k;
    td.td_gd.gd_curthread = td;
    x.current = td.context;
    x.progress();
    const { done, value } = drive(make());
    if (done !== true) return fail("Stuck", "waits", `${td.td_name} waits, and nobody else runs`);
    if (td.td_critcount !== 0) fail("Discipline", "critical-section", `${td.td_name} left a critical section open`);
    return value;
  }
}

/** Runs a step or routine as far as it goes without anybody else. */
const drive = <T>(step: Step<T>): IteratorResult<unknown, T> => step[Symbol.iterator]().next();

/** A thread that never runs by itself. */
export const idleThread = (k: Kernel, name: string, cpu: number): Thread =>
  lwkt_create(k, nothing, undefined, name, cpu, TDF_NOSTART);

function* nothing(): Routine<void> {
  return;
}
