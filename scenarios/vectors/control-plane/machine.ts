/** The kernel of a sequence on interfaces: they are attached, down, and their driver is the sequence's. */
import { attachDevice, spawnThread, type Device, type Driver, type Kernel } from "../../../model/index.ts";
import { fail, type Routine, type Step } from "../../../sim/index.ts";
import { CalledKernel } from "../called-kernel.ts";
import { handDriven } from "../hand-driven.ts";

const CARD = { subqs: 1, ringSize: 4, startBudget: 4, mtu: 1500, queue: { qmax: 4 }, owners: [0] };

/** One thread, which makes all calls. */
export class InterfaceMachine extends CalledKernel {
  readonly devices: readonly Device[];
  /** Allocations when the sequence begins. */
  readonly #before: number;

  constructor(drivers: readonly Driver[]) {
    const devices: Device[] = [];
    super({ ncpus: 1 }, (k) => spawnThread(k, "boot", 0, () => attachAll(k, drivers, devices)));
    this.devices = devices;
    this.#before = this.k.ledger.live.size;
  }

  /** The interface of the n-th driver. */
  device(n: number): Device {
    return this.devices[n] ?? fail("Stuck", "boot", "an interface was not attached");
  }

  /** Has the thread call a routine. */
  run<T>(make: () => Step<T>): T {
    return this.call(this.thread(0, false), make);
  }

  /** Live allocations of the sequence. */
  get allocations(): number {
    return this.k.ledger.live.size - this.#before;
  }
}

function* attachAll(k: Kernel, drivers: readonly Driver[], devices: Device[]): Routine<void> {
  for (const driver of drivers) devices.push(yield* attachDevice(k, driver, handDriven(CARD)));
}
