/**
 * Watches a replay and makes its list of events: what was announced, by whom and from where is seen from inside; when it
 * took effect is read off the log.
 */
import {
  Cell,
  LogReader,
  Op,
  cellName,
  opKind,
  opName,
  opObject,
  opReads,
  type Context,
  type Execution,
  type Failure,
  type FailureSite,
  type Observer,
  type Outcome,
} from "../sim/index.ts";
import { effectOf, isLoad, labelOf, intentText, valueText } from "./names.ts";
import { NO_PLACE, type EventChange, type EventPlace, type EventSwitch, type RunEvent, type RunEvents } from "./run-events.ts";

/** What the caller knows that a run does not say of itself. */
export interface EventSources {
  /** The modelled call stack below the function it is given; not there: stacks are not wanted. */
  readonly stack?: (above: (...args: never[]) => unknown) => readonly string[];
  /** Where in the sources a context is that has this stack. Asked at each announcement; not there: not known. */
  readonly place?: (context: Context, stack: readonly string[]) => EventPlace;
}

/** How the run ended. */
interface Ended {
  readonly outcome: Outcome;
  readonly failure: Failure | null;
  readonly site: FailureSite | null;
}

/** Something seen when the log was so long. */
interface Seen<T> {
  readonly length: number;
  readonly what: T;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Equal values once each, by number. */
class Table<T> {
  readonly all: T[];
  readonly #known = new Map<string, number>();

  constructor(first: T) {
    this.all = [];
    this.of(first);
  }

  of(value: T): number {
    const key = typeof value === "string" ? value : JSON.stringify(value);
    const found = this.#known.get(key);
    if (found !== undefined) return found;
    const at = this.all.push(value) - 1;
    this.#known.set(key, at);
    return at;
  }
}

/** Makes the events of one run; hook it to `x.observer`. */
export class EventWatcher implements Observer {
  readonly #x: Execution;
  readonly #sources: EventSources;
  readonly #stacks = new Table<readonly string[]>([]);
  readonly #places = new Table<EventPlace>(NO_PLACE);
  /** By place in the log where an operation was announced. */
  readonly #stackAt: number[] = [];
  readonly #placeAt: number[] = [];
  readonly #loaded: (string | undefined)[] = [];
  readonly #nowAt: number[] = [];
  readonly #changes: Seen<EventChange>[] = [];
  readonly #notes: Seen<string>[] = [];
  readonly #switches: Seen<EventSwitch>[] = [];
  #current: Context | null = null;
  #from = 0;

  constructor(x: Execution, sources: EventSources = {}) {
    this.#x = x;
    this.#sources = sources;
  }

  /** The machine has booted: events begin here. */
  begin(): void {
    this.#from = this.#x.recording.length;
    for (const list of [this.#changes, this.#notes, this.#switches]) list.length = 0;
  }

  readonly announced = (context: Context, word: number, at: number): void => {
    const { stack, place } = this.#sources;
    const routines = stack?.(this.announced) ?? [];
    this.#stackAt[at] = this.#stacks.of(routines);
    if (place !== undefined) this.#placeAt[at] = this.#places.of(place(context, routines));
    this.#look(word, at);
  };

  readonly switched = (context: Context): void => {
    const before = this.#current;
    this.#current = context;
    if (context.life === "live") this.#look(context.pending, context.pendingAt);
    if (before === null || before === context) return;
    const { length } = this.#x.recording;
    this.#switches.push({ length, what: { from: before.id, why: whyLeft(this.#x, before), preempted: before.life === "live" && before.enabled } });
  };

  readonly value = (cell: Cell<unknown>, before: unknown, after: unknown): void => {
    const change = { field: cellName(cell), before: valueText(before), after: valueText(after) };
    this.#changes.push({ length: this.#x.recording.length, what: change });
  };

  readonly note = (text: string): void => {
    this.#notes.push({ length: this.#x.recording.length, what: text });
  };

  /** What an operation that is about to take effect will read; and when. */
  #look(word: number, at: number): void {
    this.#nowAt[at] = this.#x.now;
    if (!isLoad(word)) return;
    const object = this.#x.objects[opObject(word)];
    if (object instanceof Cell) this.#loaded[at] = valueText(object.peek());
  }

  /** The run has ended. Cost: linear in the log. */
  finish({ outcome, failure, site }: Ended): RunEvents {
    const { log } = this.#x.recording;
    const steps = stepsOf(log);
    const events: Mutable<RunEvent>[] = [];
    const began: number[] = [];
    const reader = new LogReader(log, {
      performed: (context, word, at, now) => {
        if (now < this.#from || opKind(word) === Op.Also) return;
        began.push(now);
        events.push(this.#event(context, word, at, now, steps[at] ?? 0));
      },
      started: () => undefined,
    });
    reader.read();
    spread(this.#changes, began, (i, change) => {
      const event = events[i];
      if (event !== undefined) event.changes = [...event.changes, change];
    });
    spread(this.#notes, began, (i, note) => {
      const event = events[i];
      if (event !== undefined) event.notes = [...event.notes, note];
    });
    this.#spreadSwitches(events, began);
    const contexts = this.#x.contexts.map(({ name, cpu, isLine }) => ({ name, cpu: cpu?.id ?? null, line: isLine }));
    return { contexts, events, stacks: this.#stacks.all, places: this.#places.all, evidence: evidenceIn(events, failure, site, contexts), outcome, site };
  }

  #event(context: number, word: number, at: number, began: number, step: number): Mutable<RunEvent> {
    const x = this.#x;
    const object = x.objects[opObject(word)];
    const kind = opKind(word);
    return {
      context,
      step,
      at,
      began,
      now: this.#nowAt[at] ?? 0,
      verb: opName(kind),
      object: opObject(word) === 0 || object === undefined ? "" : labelOf(object),
      text: effectOf(x, word, this.#loaded[at]),
      reads: opReads(kind),
      changes: NONE,
      notes: NONE,
      stack: this.#stackAt[at] ?? 0,
      place: this.#placeAt[at] ?? 0,
      switched: null,
    };
  }

  /** A switch belongs to the first event behind it; of several, the one that left the context of the event before. */
  #spreadSwitches(events: readonly Mutable<RunEvent>[], began: readonly number[]): void {
    let i = 0;
    for (const { length, what } of this.#switches) {
      while (i < began.length && (began[i] as number) < length - 1) i++;
      const event = events[i];
      if (event === undefined || event.context === events[i - 1]?.context) continue;
      if (event.switched === null || what.from === events[i - 1]?.context) event.switched = what;
    }
  }
}

const NONE: readonly never[] = [];

/** For each entry of the log that is an operation, how many there are up to and with it. */
function stepsOf(log: Int32Array): Int32Array {
  const steps = new Int32Array(log.length);
  let step = 0;
  for (let at = 0; at < log.length; at++) {
    const word = log[at] as number;
    if (word > 0 && opKind(word) !== Op.Also) step++;
    steps[at] = step;
  }
  return steps;
}

/** What was seen belongs to the last event that had begun. */
function spread<T>(seen: readonly Seen<T>[], began: readonly number[], give: (event: number, what: T) => void): void {
  let i = 0;
  for (const { length, what } of seen) {
    while (i < began.length && (began[i] as number) < length) i++;
    give(i - 1, what);
  }
}

function evidenceIn(events: readonly RunEvent[], failure: Failure | null, site: FailureSite | null, contexts: readonly { readonly name: string }[]): readonly number[] {
  if (failure === null) return [];
  const sites = new Set(failure.sites ?? []);
  const found = events.flatMap(({ at }, i) => (sites.has(at) ? [i] : []));
  const last = site === null || site.context === null
    ? events.length - 1
    : events.findLastIndex(({ context }) => contexts[context]?.name === site.context);
  const noticed = failure.kind === "Race" || last < 0 ? [] : [last];
  return [...new Set([...found, ...noticed])].sort((a, b) => a - b);
}

/** Why control moved away from a context. */
function whyLeft(x: Execution, context: Context): string {
  if (context.life === "done") return "ends";
  if (context.isLine && context.life === "new") return "returns";
  return waitText(context) ?? `preempted at ${intentText(x, context.pending)}`;
}

/** What a context waits for, or null when it does not. */
function waitText(context: Context): string | null {
  const { gate } = context;
  if (gate !== null) return gate.owner === null ? null : `waits for ${gate.label}, held by ${gate.owner.name}`;
  const said = context.waitsFor?.();
  if (said !== undefined) return `waits for ${said.for}${said.heldBy === null ? "" : `, held by ${said.heldBy.name}`}`;
  if (context.blocked) return "waits";
  return context.enabled ? null : "leaves the cpu";
}
