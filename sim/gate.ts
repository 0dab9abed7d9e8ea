/**
 * A gate: an acquisition that is enabled only while the lock is free. Spinning is not a transition: a
 * spinner is disabled until the holder releases, so no schedule is spent on turning in circles.
 */
import type { Context } from "./context.ts";
import { closeGate, openGate } from "./enabled.ts";
import type { Execution } from "./execution.ts";
import { Op, packOp } from "./operation.ts";
import type { Step } from "./point.ts";
import type { Effect } from "./turn.ts";

/** Whoever guards a field: a lock with at most one holding context. */
export interface Guard {
  /** The context that holds it; null when free. */
  readonly owner: Context | null;
  /** For messages. */
  readonly label: string;
}

const ACQUIRE = 0;
const TRY = 1;
const RELEASE = 2;

/**
 * A lock without fairness: every waiter has a pending acquire, the strategy picks one when it is free.
 * @see {@link explore} for an example
 */
export class Gate implements Guard, Effect {
  readonly x: Execution;
  readonly object: number;
  readonly label: string;
  owner: Context | null = null;
  /** Contexts with a pending acquire while it is held. */
  readonly waiters: Context[] = [];
  /** For a gate that stands for a condition on the value of a cell: which values open it; null otherwise. */
  condition: ((value: unknown) => boolean) | null = null;
  /** For a gate that stands for a condition: where in the log it was opened last. */
  openedAt = 0;
  /** Called after each release took effect; null when nobody watches. */
  watchers: (() => void)[] | null = null;

  /** `object`: the number of a lock that this is the gate of; default: one of its own. */
  constructor(x: Execution, label: string, object = 0) {
    this.x = x;
    this.label = label;
    this.object = object === 0 ? x.register(this) : object;
  }

  /** Is it free? */
  get value(): boolean {
    return this.owner === null;
  }

  /** Takes the lock, waiting while another context holds it. A point before the effect. */
  acquire(): Step<void> {
    if (this.x.pointAtGate(packOp(Op.Acquire, this.object), this)) {
      this.take();
      return this.x.ready(undefined);
    }
    return this.x.later(this, ACQUIRE);
  }

  /** Takes the lock if it is free; true on success. A point before the effect. */
  try(): Step<boolean> {
    if (this.x.point(packOp(Op.Try, this.object))) return this.x.ready(this.tryNow());
    return this.x.later(this, TRY);
  }

  /** Gives the lock up. A point before the effect. The caller must hold it. */
  release(): Step<void> {
    if (this.x.point(packOp(Op.Release, this.object))) {
      this.releaseNow();
      return this.x.ready(undefined);
    }
    return this.x.later(this, RELEASE);
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
    if (this.waiters.length > 0) openGate(this.x, this);
    if (this.watchers !== null) for (const watcher of this.watchers) watcher();
  }

  /** The effect of a successful {@link acquire} without a point. */
  take(): void {
    this.owner = this.x.current;
    if (this.waiters.length > 0) closeGate(this.x, this);
  }

  /** For a gate that stands for a condition: closed while `owner` is not null, which is who could open it. */
  change(owner: Context | null): void {
    if (owner === null && this.owner !== null) this.openedAt = this.x.recording.length;
    this.owner = owner;
    openGate(this.x, this);
  }

  /** For a gate that stands for a condition: the current context has passed, and waits no more. */
  passed(): void {
    const { current } = this.x;
    if (current.gate !== this) return;
    current.gate = null;
    this.waiters.splice(this.waiters.indexOf(current), 1);
  }

  /** The effect of a suspended {@link acquire}, {@link try} or {@link release}. */
  perform(code: number): unknown {
    if (code === ACQUIRE) return this.take();
    if (code === RELEASE) return this.releaseNow();
    return this.tryNow();
  }
}
