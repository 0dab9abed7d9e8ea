/**
 * A gate: an acquisition that is enabled only while the lock is free. Spinning is not a transition: a
 * spinner is disabled until the holder releases, so no schedule is spent on turning in circles.
 */
import type { Context } from "./context.ts";
import type { Execution } from "./execution.ts";
import { Op, packOp } from "./operation.ts";
import { SWITCH, type Routine, type Step } from "./point.ts";

/** Whoever guards a field: a lock with at most one holding context. */
export interface Guard {
  /** The context that holds it; null when free. */
  readonly owner: Context | null;
  /** For messages. */
  readonly label: string;
}

/** A lock without fairness: every waiter has a pending acquire, the strategy picks one when it is free. */
export class Gate implements Guard {
  readonly x: Execution;
  readonly object: number;
  readonly label: string;
  owner: Context | null = null;
  /** Contexts with a pending acquire while it is held. */
  readonly waiters: Context[] = [];
  /** Called after each release took effect; null when nobody watches. */
  watchers: (() => void)[] | null = null;

  constructor(x: Execution, label: string) {
    this.x = x;
    this.label = label;
    this.object = x.register(this);
  }

  /** Takes the lock, waiting while another context holds it. A point before the effect. */
  acquire(): Step<void> {
    if (this.x.pointAtGate(packOp(Op.Acquire, this.object), this)) {
      this.take();
      return this.x.ready(undefined);
    }
    return acquireSlow(this);
  }

  /** Takes the lock if it is free; true on success. A point before the effect. */
  try(): Step<boolean> {
    if (this.x.point(packOp(Op.Try, this.object))) return this.x.ready(this.tryNow());
    return trySlow(this);
  }

  /** Gives the lock up. A point before the effect. The caller must hold it. */
  release(): Step<void> {
    if (this.x.point(packOp(Op.Release, this.object))) {
      this.releaseNow();
      return this.x.ready(undefined);
    }
    return releaseSlow(this);
  }

  /** The effect of {@link try} without a point, for primitives that announce their own. */
  tryNow(): boolean {
    const free = this.owner === null;
    if (free) {
      this.take();
      this.x.succeeded();
    }
    return free;
  }

  /** The effect of {@link release} without a point. */
  releaseNow(): void {
    this.owner = null;
    if (this.waiters.length > 0) this.x.openGate(this);
    if (this.watchers !== null) for (const watcher of this.watchers) watcher();
  }

  /** The effect of a successful {@link acquire} without a point. */
  take(): void {
    this.owner = this.x.current;
    if (this.waiters.length > 0) this.x.closeGate(this);
  }
}

function* acquireSlow(gate: Gate): Routine<void> {
  yield SWITCH;
  gate.take();
}

function* trySlow(gate: Gate): Routine<boolean> {
  yield SWITCH;
  return gate.tryNow();
}

function* releaseSlow(gate: Gate): Routine<void> {
  yield SWITCH;
  gate.releaseNow();
}
