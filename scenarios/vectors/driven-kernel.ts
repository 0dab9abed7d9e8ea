/**
 * A kernel on which nothing happens by itself: whoever drives it says which thread calls which routine, and each
 * call runs to completion before the next. IPIs and messages wait until they are delivered, one at a time.
 */
import {
  TDF_NOSTART,
  TD_TYPE_NETISR,
  boot,
  lwkt_create,
  lwkt_getport,
  netisr_cpuport,
  attachDevice,
  nicDriver,
  upDevice,
  spawnThread,
  type Globaldata,
  type Kernel,
  type NetmsgBase,
  type Device,
  type DeviceOptions,
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

/** A kernel with one interface, up and running, its completions made by hand. */
export class DrivenKernel {
  readonly k: Kernel;
  readonly device: Device;
  /** A thread per CPU that is no netisr, and one that is. The booted netisrs sleep all the time. */
  readonly #plain: readonly Thread[];
  readonly #netisr: readonly Thread[];
  /** Somebody else, who holds a lock now and then. */
  readonly somebody: Thread;
  /** Per CPU the sources of its pending IPIs, in the order in which they were sent. */
  readonly #pending: readonly number[][];
  /** IPIs seen so far, per source and target. */
  readonly #seen: readonly number[][];

  /** Throws `RunFailure` when the kernel does not come up. */
  constructor(params: Partial<Params>, options: DeviceOptions) {
    const x = new Execution(STAY, new Recording(), LIMITS);
    const k = boot(x, params);
    const devices: Device[] = [];
    spawnThread(k, "boot", 0, () => attach(k, options, devices));
    x.settle();
    const [device] = devices;
    this.k = k;
    this.device = device ?? fail("Stuck", "boot", "the interface did not come up");
    this.#plain = k.gd.map(({ gd_cpuid }) => idleThread(k, `thread ${gd_cpuid}`, gd_cpuid));
    this.#netisr = k.gd.map(({ gd_cpuid }) => idleThread(k, `netisr ${gd_cpuid}`, gd_cpuid));
    for (const td of this.#netisr) td.td_type = TD_TYPE_NETISR;
    this.somebody = idleThread(k, "somebody", 0);
    this.#pending = k.gd.map(() => []);
    this.#seen = k.gd.map((from) => k.gd.map((to) => sentBy(from, to.gd_cpuid)));
  }

  /** A thread of a CPU. */
  thread(cpu: number, netisr: boolean): Thread {
    const threads = netisr ? this.#netisr : this.#plain;
    return threads[cpu] as Thread; // one per CPU
  }

  /** IPIs that wait for a CPU. */
  ipisPending(cpu: number): number {
    return (this.#pending[cpu] as number[]).length; // one list per CPU
  }

  /** Messages on the port of a CPU's netisr. */
  messagesPending(cpu: number): number {
    return [...netisr_cpuport(this.k, cpu).mp_msgq].length;
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
    this.#notePending();
    return value;
  }

  /** Runs exactly one IPI that waits for a CPU: the earliest sent by any. None: nothing. */
  deliverIpi(cpu: number): void {
    const source = (this.#pending[cpu] as number[]).shift(); // one list per CPU
    if (source === undefined) return;
    this.call(this.thread(cpu, false), () => this.#runIpi(cpu, source));
  }

  *#runIpi(cpu: number, source: number): Routine<void> {
    const { k } = this;
    const gd = k.gd[cpu] as Globaldata; // of a pending IPI
    const ring = (k.gd[source] as Globaldata).gd_ipiq[cpu];
    if (ring === null || ring === undefined) return;
    const { func, arg } = ring.take();
    const td = gd.gd_curthread;
    td.td_critcount++;
    gd.gd_processing_ipiq++;
    gd.gd_intr_nesting_level++;
    yield* func(k, arg as never); // function and argument belong together
    ring.ip_xindex = ring.ip_rindex;
    gd.gd_intr_nesting_level--;
    gd.gd_processing_ipiq--;
    td.td_critcount--;
  }

  /** The netisr of a CPU handles the oldest message on its port. None: nothing. */
  deliverMessage(cpu: number): void {
    const { k } = this;
    this.call(this.thread(cpu, true), () => handleOne(k, cpu));
  }

  #notePending(): void {
    for (const from of this.k.gd) {
      const seen = this.#seen[from.gd_cpuid] as number[]; // one list per CPU
      for (const { gd_cpuid: to } of this.k.gd) {
        const sent = sentBy(from, to);
        for (let n = seen[to] as number; n < sent; n++) (this.#pending[to] as number[]).push(from.gd_cpuid);
        seen[to] = sent;
      }
    }
  }
}

/** Runs a step or routine as far as it goes without anybody else. */
const drive = <T>(step: Step<T>): IteratorResult<unknown, T> => step[Symbol.iterator]().next();

const sentBy = (from: Globaldata, to: number): number => from.gd_ipiq[to]?.ip_windex ?? 0;

const idleThread = (k: Kernel, name: string, cpu: number): Thread =>
  lwkt_create(k, nothing, undefined, name, cpu, TDF_NOSTART);

function* nothing(): Routine<void> {
  return;
}

function* attach(k: Kernel, options: DeviceOptions, devices: Device[]): Routine<void> {
  const device = yield* attachDevice(k, nicDriver, options);
  yield* upDevice(k, device);
  devices.push(device);
}

function* handleOne(k: Kernel, cpu: number): Routine<void> {
  const msg = (yield* lwkt_getport(k, netisr_cpuport(k, cpu))) as NetmsgBase | null; // registered ports take no other
  if (msg === null) return;
  const { nm_dispatch } = msg;
  if (nm_dispatch === null) return fail("Panic", "badmsg", "netmsg_service isr badmsg");
  yield* nm_dispatch(k, msg);
}
