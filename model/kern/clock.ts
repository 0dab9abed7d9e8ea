/**
 * The clock, as data. {@link kern_clock.ts} makes it tick.
 */
import type { Context, Execution } from "../../sim/index.ts";

/** Time of one run. It stands still until {@link allow} is called, so a boot sees no tick. */
export class Clock {
  readonly label = "clock";
  readonly object: number;
  /** `ticks`. */
  ticks = 0;
  /** Callouts on a wheel: the clock runs only while there is one. */
  armed = 0;
  /** The tick after which it stands still for good. Part of the verdict. */
  last = 0;
  /** Who makes it tick; made when ticks are first allowed. */
  #agent: Context | null = null;
  readonly #x: Execution;
  readonly #spawn: () => Context;

  constructor(x: Execution, spawn: () => Context) {
    this.#x = x;
    this.#spawn = spawn;
    this.object = x.register(this);
  }

  /** Allows so many more ticks. Context: boot. */
  allow(ticks: number): void {
    this.last = this.ticks + ticks;
    if (ticks > 0 && this.#agent === null) this.#agent = this.#spawn();
    this.wake();
  }

  mayTick(): boolean {
    return this.armed > 0 && this.ticks < this.last;
  }

  /** Something was armed. */
  wake(): void {
    if (this.#agent !== null && this.mayTick()) this.#x.unblock(this.#agent);
  }
}
