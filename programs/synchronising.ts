/** Mutexes, condition variables and passages of programs. */
import { Gate, Op, packOp, type Context, type Effect, type Execution, type Step } from "../sim/index.ts";

const PASS = 0;

/** A place that is closed until something has happened: a thread that is not spawned yet, or has not ended. */
export class Passage implements Effect {
  readonly gate: Gate;

  constructor(x: Execution, label: string) {
    this.gate = new Gate(x, label);
    this.gate.owner = x.contexts[0] ?? null;
  }

  /** Goes on once it is open; looks at `object`. */
  pass(object: number): Step<void> {
    const { gate } = this;
    if (gate.x.pointAtGate(packOp(Op.AtomicLoad, object), gate)) return gate.x.ready(undefined);
    return gate.x.later(this, PASS);
  }

  open(): void {
    this.gate.change(null);
  }

  get isOpen(): boolean {
    return this.gate.owner === null;
  }

  perform(): unknown {
    this.gate.passed();
    return undefined;
  }
}

/** A mutex whose failing trylocks are ordered among themselves: beside looking at the mutex, they change one more object. */
export class OrderedMutex extends Gate {
  readonly #failures: number;

  constructor(x: Execution, label: string) {
    super(x, label);
    this.#failures = x.register({ label: `${label}, failing trylocks` });
  }

  override tryNow(): boolean {
    const taken = super.tryNow();
    if (!taken) this.x.also(this.#failures);
    return taken;
  }
}

/** What one thread sleeps with. */
export class Sleeper {
  /** Closed until it is woken. */
  readonly passage: Passage;
  /** What a wakeup changes beside the condition variable: an object of the thread. */
  readonly object: number;
  readonly thread: number;
  /** The thread that announced to take its mutex back; null: none did. */
  context: Context | null = null;
  mutex: Gate | null = null;

  constructor(x: Execution, thread: number) {
    this.thread = thread;
    this.passage = new Passage(x, `wakeup of thread ${String(thread)}`);
    this.object = this.passage.gate.object;
  }
}

const SLEEP = 0;
const REACQUIRE = 1;
const SIGNAL = 2;
const BROADCAST = 3;

/**
 * A condition variable. Giving up the mutex and going to sleep is one step; taking the mutex back is one that is enabled
 * only after the wakeup and while the mutex is free. A signal with nobody asleep leaves everything as it was.
 */
export class Condition implements Effect {
  readonly x: Execution;
  readonly object: number;
  readonly label: string;
  /** Who is asleep, by thread. */
  readonly #asleep: Sleeper[] = [];

  constructor(x: Execution, label: string) {
    this.x = x;
    this.label = label;
    this.object = x.register(this);
  }

  sleep(sleeper: Sleeper, mutex: Gate): Step<void> {
    const { x } = this;
    if (!x.point(packOp(Op.Release, mutex.object))) return x.later(this, SLEEP, sleeper, mutex);
    this.#sleepNow(sleeper, mutex);
    return x.ready(undefined);
  }

  /** After {@link sleep}: takes the mutex back. */
  reacquire(sleeper: Sleeper, mutex: Gate): Step<void> {
    if (!this.#asleep.includes(sleeper)) return mutex.acquire();
    const { x } = this;
    const { gate } = sleeper.passage;
    gate.owner = x.contexts[0] ?? null;
    sleeper.context = x.current;
    sleeper.mutex = mutex;
    x.pointAtGate(packOp(Op.Acquire, mutex.object), gate);
    return x.later(this, REACQUIRE, sleeper, mutex);
  }

  /** Wakes one of the sleepers: which one is a data choice. */
  signal(): Step<void> {
    return this.#wakes(SIGNAL);
  }

  broadcast(): Step<void> {
    return this.#wakes(BROADCAST);
  }

  /** Is the thread still asleep? */
  holds(sleeper: Sleeper): boolean {
    return this.#asleep.includes(sleeper);
  }

  /** Is anybody asleep? What a wakeup finds out. */
  get value(): boolean {
    return this.#asleep.length > 0;
  }

  #wakes(code: number): Step<void> {
    const { x } = this;
    x.current.expected = true;
    if (!x.point(packOp(Op.Cmpset, this.object))) return x.later(this, code);
    this.perform(code, undefined, undefined);
    return x.ready(undefined);
  }

  perform(code: number, a: unknown, b: unknown): unknown {
    if (code === SLEEP) this.#sleepNow(a as Sleeper, b as Gate);
    else if (code === REACQUIRE) this.#reacquireNow(a as Sleeper, b as Gate);
    else if (this.#asleep.length > 0) this.#wake(code);
    return undefined;
  }

  #sleepNow(sleeper: Sleeper, mutex: Gate): void {
    mutex.releaseNow();
    this.x.also(this.object);
    this.#asleep.push(sleeper);
    this.#asleep.sort((a, b) => a.thread - b.thread);
  }

  #reacquireNow(sleeper: Sleeper, mutex: Gate): void {
    mutex.take();
    this.x.also(sleeper.object);
  }

  #wake(code: number): void {
    const asleep = this.#asleep;
    this.x.succeeded();
    const woken = code === BROADCAST ? asleep.splice(0) : asleep.splice(this.x.draw(asleep.length), 1);
    for (const { passage, object, context, mutex } of woken) {
      this.x.also(object);
      if (context === null || mutex === null || context.gate !== passage.gate) continue;
      // From now on it waits for its mutex.
      passage.gate.waiters.length = 0;
      context.gate = mutex;
      mutex.waiters.push(context);
      mutex.change(mutex.owner);
    }
  }
}
