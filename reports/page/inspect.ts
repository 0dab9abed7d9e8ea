/** The machine at an event: a replay that is stopped there and looked at. */
import { Cell, Context, Gate, Replay, type Choices, type Execution, type Observer, type Struct } from "../../sim/index.ts";
import { intentText, labelOf } from "../names.ts";
import type { ContextState, Snapshot } from "../html/page-data.ts";
import { objectStates } from "./describe.ts";

/** Thrown through a run that has been seen far enough. */
export class Seen extends Error {}

/** Stops a replay before an event takes effect, and looks at the machine. */
export class Inspector implements Observer {
  readonly #x: Execution;
  /** Where the next event takes effect, in the log; Infinity: there is none. */
  readonly #before: number;
  readonly #written = new Set<Struct>();
  snapshot: Snapshot | null = null;

  constructor(x: Execution, before: number) {
    this.#x = x;
    this.#before = before;
  }

  readonly announced = (_context: Context, _word: number, at: number): void => {
    if (at >= this.#before) this.#stop();
  };

  readonly switched = ({ life }: Context): void => {
    // A handler that begins writes that down behind the switch; whoever goes on does so with the switch.
    const { length } = this.#x.recording;
    if (length > this.#before || (length === this.#before && life !== "live")) this.#stop();
  };

  readonly value = (cell: Cell<unknown>): void => {
    this.#written.add(cell.owner);
  };

  readonly note = (): void => undefined;

  #stop(): never {
    this.look();
    throw new Seen();
  }

  /** Takes the picture. */
  look(): Snapshot {
    const x = this.#x;
    const locks = locksOf(x);
    const snapshot: Snapshot = {
      now: x.now,
      cpus: x.cpus.map(({ id, thread, nested, masked, raised, lines }) => ({
        id,
        thread: thread?.id ?? null,
        nested: nested?.id ?? null,
        masked,
        pending: lines.filter((_, i) => (raised & (1 << i)) !== 0).map((line) => line.id),
      })),
      contexts: x.contexts.map((context) => contextState(x, context, locks)),
      locks,
      objects: objectStates(x, this.#written),
    };
    this.snapshot = snapshot;
    return snapshot;
  }
}

/** So many entries of the log before the place the run is looked at closely. */
const NEAR = 2000;

/** A replay that is not watched until it comes near a place in the log: watching costs more than running. */
export class Approach extends Replay {
  readonly everyPoint = true;
  readonly #from: number;
  readonly #arrive: (x: Execution) => void;
  #arrived = false;

  constructor(choices: Choices, place: number, arrive: (x: Execution) => void) {
    super(choices);
    this.#from = place - NEAR;
    this.#arrive = arrive;
  }

  override choose(x: Execution, current: Context | null): Context {
    const next = super.choose(x, current);
    if (this.#arrived) return next;
    if (x.recording.length >= this.#from) {
      this.#arrived = true;
      this.#arrive(x);
    } else x.leaseEnd = Math.min(x.leaseEnd, this.#from);
    return next;
  }
}

/** Whatever has an owner and a name is a lock, or a queue that somebody serves. */
function locksOf(x: Execution): Snapshot["locks"] {
  return x.objects.slice(1).flatMap((object) => {
    if (!("owner" in object) || !isLock(object)) return [];
    const owner = object.owner as Context | null;
    const waiters = object instanceof Gate ? object.waiters.map(({ id }) => id) : [];
    return owner === null && waiters.length === 0 ? [] : [{ label: labelOf(object), owner: owner?.id ?? null, waiters }];
  });
}

/** A cell has an owner too, its struct; and a port, who is only its reader. */
const isLock = (object: object): object is { owner: unknown } => {
  if (object instanceof Cell || "mp_msgq" in object) return false;
  const { owner } = object as { owner?: unknown };
  return owner === null || owner instanceof Context;
};

function contextState(x: Execution, context: Context, locks: Snapshot["locks"]): ContextState {
  const holds = locks.filter(({ owner }) => owner === context.id).map(({ label }) => label);
  const { life, cpu } = context;
  const next = context.pending === 0 ? "" : intentText(x, context.pending);
  if (life === "done") return { state: "done", told: "", holds };
  if (life === "new") return { state: "new", told: "", holds };
  if (x.current === context) return { state: "runs", told: next, holds };
  const { gate } = context;
  const said = gate === null ? context.waitsFor?.() : { for: gate.label, heldBy: gate.owner };
  if ((gate?.owner ?? null) !== null || (gate === null && said !== undefined) || context.blocked) {
    const heldBy = said?.heldBy ?? null;
    const holder = heldBy === null ? "" : `, held by ${heldBy.name}`;
    return { state: "waits", told: said === undefined ? "" : `${said.for}${holder}`, holds };
  }
  if (context.enabled) return { state: "ready", told: next, holds };
  if (cpu !== null && cpu.thread === context && cpu.nested !== null) return { state: "interrupted", told: next, holds };
  return { state: "off", told: next, holds };
}
