/**
 * The clock, as data. {@link kern_clock.ts} makes it tick.
 */
import type { Context, Execution } from "../../sim/index.ts";

/** Time of one run. */
export class Clock {
  readonly label = "clock";
  readonly object: number;
  /** `ticks`. */
  ticks = 0;
  /** Callouts on a wheel: the clock runs only while there is one. */
  armed = 0;
  /** Who makes it tick. */
  agent: Context | null = null;

  constructor(x: Execution) {
    this.object = x.register(this);
  }

  /** Something was armed. */
  wake(x: Execution): void {
    if (this.agent !== null && this.ticks < x.limits.ticksMax) x.unblock(this.agent);
  }
}
