/** What the threads of a program share in one run. */
import { Gate, Mixed, Op, Struct, fail, mixed, packOp, type Effect, type Execution, type Step } from "../sim/index.ts";
import type { Layout } from "./layout.ts";
import type { Source } from "./language.ts";
import { Condition, OrderedMutex } from "./synchronising.ts";
import type { ThreadRun } from "./thread.ts";

type SharedObject = Mixed | Gate | Condition;

const SPAWN = 0;

/** Words, mutexes and condition variables by slot. */
export class RunMemory extends Struct implements Effect {
  /** For reports: what is where. */
  readonly objects: SharedObject[] = [];
  threads: readonly ThreadRun[] = [];
  /** Words that a thread is expected to have in its store buffer at a time. */
  buffered = 1;
  /** Threads whose assertion failed. */
  readonly violations: string[] = [];
  readonly #layout: Layout;
  readonly #source: Source;
  readonly #failing: boolean;

  /** `failing`: an assertion that does not hold ends the run. */
  constructor(x: Execution, layout: Layout, source: Source, failing: boolean) {
    super(x, "program");
    this.#layout = layout;
    this.#source = source;
    this.#failing = failing;
  }

  /** Makes what is known: last in the set-up, so that what becomes known later gets the numbers behind. */
  fill(): void {
    const { known } = this.#layout;
    for (let slot = this.objects.length; slot < known.length; slot++) {
      const { kind, name } = known[slot] as (typeof known)[number];
      const label = `${kind} ${name}`;
      if (kind === "word") this.objects.push(mixed(this, this.#source.vars[name] ?? 0));
      else if (kind === "condition") this.objects.push(new Condition(this.x, label));
      else this.objects.push(new (this.#source.orderFailedTrylock ? OrderedMutex : Gate)(this.x, label));
    }
  }

  word(slot: number): Mixed {
    return this.#at(slot) as Mixed;
  }

  mutex(slot: number): Gate {
    return this.#at(slot) as Gate;
  }

  condition(slot: number): Condition {
    return this.#at(slot) as Condition;
  }

  #at(slot: number): SharedObject {
    if (slot >= this.objects.length) this.fill();
    return this.objects[slot] as SharedObject;
  }

  /** A mutex that the thread gives up. */
  held(t: ThreadRun, slot: number): Gate {
    const mutex = this.mutex(slot);
    if (mutex.owner === this.x.current) return mutex;
    return fail("Discipline", "not-held", `${t.name} gives up ${mutex.label} without holding it.`);
  }

  try(slot: number): Step<boolean> {
    return this.mutex(slot).try();
  }

  /** The object of beginnings and ends of a thread. */
  threadObject(thread: number): number {
    const { over, born } = this.threads[thread] as ThreadRun;
    return (over ?? born)?.gate.object ?? 0;
  }

  spawn(thread: number): Step<void> {
    const { x } = this;
    if (!x.point(packOp(Op.AtomicStore, this.threadObject(thread)))) return x.later(this, SPAWN, thread);
    this.perform(SPAWN, thread);
    return x.ready(undefined);
  }

  perform(_code: number, thread: unknown): unknown {
    const spawned = this.threads[thread as number] as ThreadRun;
    const { born, context, name } = spawned;
    if (context === null) spawned.start();
    else if (born?.isOpen === false) born.open();
    else fail("Discipline", "spawned-twice", `${name} was spawned before.`);
    return undefined;
  }

  join(thread: number): Step<void> {
    const { over } = this.threads[thread] as ThreadRun;
    return over === null ? this.x.ready(undefined) : over.pass(over.gate.object);
  }

  /** Under SC everything is visible at once. */
  fence(): Step<void> {
    return this.x.memory === "sc" ? this.x.ready(undefined) : this.x.pause(Op.Fence);
  }

  violated(t: ThreadRun): void {
    this.violations.push(t.name);
    if (this.#failing) fail("Violation", "assertion", `An assertion of ${t.name} does not hold.`);
  }
}
