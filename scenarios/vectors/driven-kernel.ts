/**
 * A kernel on which nothing happens by itself: whoever drives it says which thread calls which routine, and each
 * call runs to completion before the next. IPIs and messages wait until they are delivered, one at a time.
 */
import {
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
import { fail, type Routine, type Step } from "../../sim/index.ts";
import { CalledKernel, idleThread } from "./called-kernel.ts";

/** A kernel with one interface, up and running, its completions made by hand. */
export class DrivenKernel extends CalledKernel {
  readonly device: Device;
  /** Somebody else, who holds a lock now and then. */
  readonly somebody: Thread;
  /** Per CPU the sources of its pending IPIs, in the order in which they were sent. */
  readonly #pending: readonly number[][];
  /** IPIs seen so far, per source and target. */
  readonly #seen: readonly number[][];

  /** Throws `RunFailure` when the kernel does not come up. */
  constructor(params: Partial<Params>, options: DeviceOptions) {
    const devices: Device[] = [];
    super(params, (k) => spawnThread(k, "boot", 0, () => attach(k, options, devices)));
    const { k } = this;
    const [device] = devices;
    this.device = device ?? fail("Stuck", "boot", "the interface did not come up");
    this.somebody = idleThread(k, "somebody", 0);
    this.#pending = k.gd.map(() => []);
    this.#seen = k.gd.map((from) => k.gd.map((to) => sentBy(from, to.gd_cpuid)));
  }

  /** IPIs that wait for a CPU. */
  ipisPending(cpu: number): number {
    return (this.#pending[cpu] as number[]).length; // one list per CPU
  }

  /** Messages on the port of a CPU's netisr. */
  messagesPending(cpu: number): number {
    return [...netisr_cpuport(this.k, cpu).mp_msgq].length;
  }

  override call<T>(td: Thread, make: () => Step<T>): T {
    const value = super.call(td, make);
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

const sentBy = (from: Globaldata, to: number): number => from.gd_ipiq[to]?.ip_windex ?? 0;

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
