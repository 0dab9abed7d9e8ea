/**
 * Points: how a primitive asks for leave before its effect. The hot path of every run.
 *
 * A primitive calls {@link Points.point} *before* its effect. True: the same context goes on, the primitive
 * performs its effect and returns {@link Points.ready}. False: another context was chosen, the primitive
 * returns {@link Points.later}, a step that suspends first and performs the effect when it is resumed. A
 * strategy may grant a *lease*: the context it chose then passes up to so many points without asking, unless
 * the enabled set changes.
 */
import type { Context } from "./context.ts";
import { disable } from "./enabled.ts";
import { misuse } from "./failure.ts";
import type { Gate } from "./gate.ts";
import { Machine } from "./machine.ts";
import type { Observer } from "./observer.ts";
import { RESULT_BIT, packOp, type Op } from "./operation.ts";
import type { Routine, Step } from "./point.ts";
import type { Recording } from "./recording.ts";
import { NOTHING_OWED, PARK_OWED, READY_OWED, Turn, type Effect } from "./turn.ts";

/** Leases end when the enabled set changes; this one ends only then. */
const UNTIL_CHANGE = 0x7fff_ffff;
const EVERYBODY = 1 << 30;

/** The points of one run. */
export abstract class Points extends Machine {
  readonly recording: Recording;
  /** Contexts that may go next, by ascending id. Strategies read it, the engine alone writes it. */
  readonly enabled: Context[] = [];
  /** The context whose step is running. Outside a step: the one that ran last. */
  current: Context;
  /** The place in the log up to which points pass without asking the strategy. Kept by the engine. */
  leaseEnd = 0;
  /** Virtual time, ns. Moves only by transitions of clock contexts (timed mode: by the strategy). */
  now = 0;
  /** Up to so many enabled contexts a decision is not simply the strategy's. */
  protected unasked = 1;
  /** Up to so many enabled contexts the strategy need not be asked. */
  protected unaskedPlain = 1;
  /** Who goes on when the current context suspends. */
  protected next: Context | null = null;
  /** A context is being run to its first point. */
  protected priming = false;
  #observer: Observer | null = null;
  readonly #ready = new Turn(this);

  constructor(recording: Recording) {
    super();
    this.recording = recording;
    this.current = this.context("setup", null, NO_BODY, true);
  }

  /** Sees the run from inside; null outside replays. Set it in `setup`. */
  get observer(): Observer | null {
    return this.#observer;
  }
  set observer(observer: Observer | null) {
    this.#observer = observer;
    this.arrange();
  }

  /** To be called after a change of what {@link unasked} depends on. */
  protected arrange(): void {
    this.leaseEnd = 0;
    this.unasked = this.priming || this.#observer !== null ? EVERYBODY : this.unaskedPlain;
  }

  /** Asks the strategy who goes next; null: the context that ran is gone or blocked. */
  protected abstract choose(current: Context | null): Context;
  /** Nothing is enabled: may time wake somebody? */
  protected abstract idle(): boolean;

  /**
   * Announces an operation of the current context. True: go on and perform it now. False: another context
   * was chosen; return a step that suspends before it performs the effect.
   */
  point(word: number): boolean {
    const context = this.announce(word);
    return context.pendingAt < this.leaseEnd || this.#decide(context);
  }

  /** {@link point} for an acquisition that is enabled only while `gate` is free. */
  pointAtGate(word: number, gate: Gate): boolean {
    this.current.gatedBy = gate;
    this.current.gatedAt = this.recording.length;
    if (gate.owner === null) {
      if (this.point(word)) return true;
      this.current.gate = gate;
      gate.waiters.push(this.current);
      return false;
    }
    const context = this.announce(word);
    context.gate = gate;
    gate.waiters.push(context);
    this.leave(context);
    return false;
  }

  /**
   * Names one more object of the last operation of the current context (a token set, an exit and its wakeup):
   * behind the point, whatever it said, or when the effect takes place.
   */
  also(object: number): void {
    this.recording.also(object, this.owed === PARK_OWED);
  }

  /** A point that touches `object` (0: nothing) and has no effect of its own. */
  pause(kind: Op, object = 0): Step<void> {
    return this.point(packOp(kind, object)) ? this.ready(undefined) : this.suspended();
  }

  /** The step to return when {@link point} said true and the effect is done. */
  ready<T>(value: T): Step<T> {
    this.owed = READY_OWED;
    const ready = this.#ready;
    ready.result.value = value;
    return ready as unknown as Step<T>;
  }

  /** The step to return when {@link point} said false: suspends, then performs the effect. */
  later<T>(effect: Effect, code: number, a?: unknown, b?: unknown): Step<T> {
    const turn = this.current.turn;
    turn.effect = effect;
    turn.code = code;
    turn.a = a;
    turn.b = b;
    return turn as unknown as Step<T>;
  }

  /** {@link later} without an effect. */
  suspended(): Step<void> {
    const turn = this.current.turn;
    turn.effect = null;
    turn.result.value = undefined;
    return turn as unknown as Step<void>;
  }

  /** Marks the operation that is taking effect as successful (a try that got the lock, a cmpset that swapped). */
  succeeded(): void {
    this.recording.mark(this.current.pendingAt, RESULT_BIT);
  }

  /** Tells the no-progress bound that something useful happened. */
  progress(): void {
    this.recording.progress();
  }

  /** What was stored before on this CPU becomes visible before what it stores from now on. Not a point. */
  storeFence(): void {
    this.current.buffer?.fence();
  }

  /**
   * For strategies: the context being chosen may pass so many points without asking. A promise for no more:
   * they are asked again early when something else was recorded in between, or the enabled set changed.
   */
  grant(points: number): void {
    this.leaseEnd = this.recording.length + points;
  }

  /** Records the operation as the pending one of the current context. */
  protected announce(word: number): Context {
    if (this.owed !== NOTHING_OWED) this.missingYield();
    const context = this.current;
    const { recording } = this;
    const at = recording.length;
    if (at >= recording.limit) recording.makeRoom();
    recording.words[at] = word;
    recording.length = at + 1;
    context.pending = word;
    context.pendingAt = at;
    return context;
  }

  #decide(context: Context): boolean {
    if (this.enabled.length <= this.unasked) return this.#decideUnasked(context);
    return this.#follow(context, this.choose(context));
  }

  #follow(context: Context, next: Context): boolean {
    if (next === context) return true;
    this.goOn(next, true);
    this.owed = PARK_OWED;
    return false;
  }

  /** The rare cases of a decision: a context is being started, an observer looks on, nobody else can run. */
  #decideUnasked(context: Context): boolean {
    const observer = this.#observer;
    if (observer !== null) observer.announced(context, context.pending, context.pendingAt);
    if (this.priming) {
      this.owed = PARK_OWED;
      return false;
    }
    if (observer === null) {
      this.leaseEnd = UNTIL_CHANGE;
      return true;
    }
    if (this.enabled.length <= this.unaskedPlain) return true;
    const next = this.choose(context);
    this.leaseEnd = 0;
    return this.#follow(context, next);
  }

  /** The current context, which has announced an operation, cannot go on with it now. */
  protected leave(context: Context): void {
    if (this.#observer !== null) this.#observer.announced(context, context.pending, context.pendingAt);
    disable(this, context);
    this.owed = PARK_OWED;
    if (!this.priming) this.pick();
  }

  /** Chooses when the context that ran is gone or blocked. */
  protected pick(): void {
    const enabled = this.enabled;
    this.next = null;
    if (enabled.length === 0 && !this.idle()) return;
    const first = enabled[0] as Context;
    const next = enabled.length <= this.unaskedPlain ? first : this.choose(null);
    if (this.#observer !== null) this.leaseEnd = 0;
    this.goOn(next, next !== first);
  }

  /** Another context goes on; `chosen` when the default would have been somebody else. */
  protected goOn(next: Context, chosen: boolean): void {
    this.next = next;
    this.recording.switched(next.id, chosen);
    if (this.#observer !== null) this.#observer.switched(next);
  }

  protected missingYield(): never {
    this.owed = NOTHING_OWED;
    return misuse(
      "missing-yield",
      `${this.current.name} dropped the result of a primitive: no other context was given its turn.`,
      [["remedy", "write `yield*` before the call"]],
    );
  }
}

const NO_BODY = (): Routine<void> => misuse("setup-context", "the setup context has no routine");
