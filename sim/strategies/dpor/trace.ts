/**
 * The trace of the execution under way: its events, in order, with what happens before what.
 *
 * An event happens after the one before it in its context, after those it depends on, and after the one that enabled
 * it. Each event has a row: how far every context had come before it, so that "happens before" is one comparison. What
 * an execution shares with the one before keeps its rows: memory and work grow with what is new.
 */
import { Accesses } from "./accesses.ts";
import { NONE, larger } from "./arrays.ts";
import { COMPARES, NEEDS, NOTHING, TRIES, WRITES, accessObject, isCut, objectOf, turned, type Deed } from "./deed.ts";
import { waitingRaces, type Waiting } from "./waiting.ts";

const FIRST_EVENTS = 128;
const FIRST_WIDTH = 16;

/** Two events that can be reversed: the second could have come before the first. */
export interface Race {
  readonly first: number;
  /** The second one, as it would be in the other order. */
  readonly deed: Deed;
  /** Its place; {@link Trace.length} for an event that never came. */
  readonly second: number;
}

/** Contexts that an event enabled, and contexts it stopped; of these the ones of which the accesses do not tell. */
export interface Changes {
  readonly opened: readonly number[];
  readonly stopped: readonly number[];
  readonly unseen: readonly number[];
}

/** Events, accesses and rows, as parallel arrays. */
export class Trace {
  /** Events whose rows hold. */
  length = 0;
  /** By event. */
  readonly deeds: Deed[] = [];
  contexts = new Int32Array(FIRST_EVENTS);
  readonly accesses = new Accesses();
  /** Races found so far among these events. */
  readonly races: Race[] = [];
  /** By event and context: one more than the last event of the context that happens before (or is) the event. */
  rows = new Int32Array(FIRST_EVENTS * FIRST_WIDTH);
  width = FIRST_WIDTH;
  /** By context: its last event. */
  last = new Int32Array(FIRST_WIDTH).fill(NONE);
  /** The event before in the same context. */
  #previous = new Int32Array(FIRST_EVENTS);
  /** The nearest event before that enabled or stopped somebody. */
  #changed = new Int32Array(FIRST_EVENTS);
  readonly #changes: (Changes | null)[] = [];
  /** By event: where the log stood, what the object of its operation contained, what that was compared with, if it was. */
  readonly #starts: number[] = [];
  readonly #found: number[] = [];
  readonly #before: unknown[] = [];
  readonly #expected: unknown[] = [];
  /** Events that the next one cannot come before. */
  readonly #after: number[] = [];

  /** Takes events off the end, and the races they are in. */
  truncate(length: number): void {
    for (let event = this.length - 1; event >= length; event--) {
      this.accesses.drop(event);
      this.last[this.contexts[event] as number] = this.#previous[event] as number;
      this.deeds.pop();
      this.#changes.pop();
    }
    this.length = Math.min(this.length, length);
    const { races } = this;
    let kept = 0;
    for (const race of races) if (race.second < this.length) races[kept++] = race;
    while (races.length > kept) races.pop();
  }

  /** Does the first event happen before the second one? The first comes earlier. */
  isBefore(first: number, second: number): boolean {
    return (this.rows[second * this.width + (this.contexts[first] as number)] as number) > first;
  }

  /** What an object contained before an event; known where it is the one of the event's operation, else undefined. */
  before(event: number, object: number): unknown {
    return this.#found[event] === object ? this.#before[event] : undefined;
  }

  /** The event under way when the log had this length. Cost: logarithmic. */
  eventAt(place: number): number {
    let low = 0;
    let high = this.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] as number) <= place) low = middle;
      else high = middle;
    }
    return low;
  }

  /** The next event is about to happen: what its operation finds, and what it compares that with. */
  begin(start: number, object: number, before: unknown, expected: unknown): void {
    this.#after.length = 0;
    this.#starts[this.length] = start;
    this.#found[this.length] = objectOf(object);
    this.#before[this.length] = before;
    this.#expected[this.length] = expected;
  }

  /** It makes the store visible that was made when the log stood there, which it cannot come before. */
  beginFlush(issuedAt: number): void {
    this.#after.push(this.eventAt(issuedAt));
  }

  /** It waited until the stores before it were visible: it comes after every step of these contexts. */
  beginDrained(flushers: readonly number[]): void {
    for (const context of flushers) {
      const event = this.last[context] ?? NONE;
      if (event !== NONE) this.#after.push(event);
    }
  }

  /** Adds an event, and its reversible races. `waiting`: what it had to wait for, if anything. */
  add(deed: Deed, changes: Changes | null, waiting: Waiting | null): void {
    const event = this.length;
    this.#fit(deed);
    this.contexts[event] = deed.context;
    this.#previous[event] = this.last[deed.context] as number;
    this.#changes.push(changes);
    this.#changed[event + 1] = changes === null ? (this.#changed[event] as number) : event;
    this.#place(deed, event, true, waiting);
    this.rows[event * this.width + deed.context] = event + 1;
    this.deeds.push(deed);
    this.last[deed.context] = event;
    this.accesses.add(deed, event);
    this.length = event + 1;
  }

  /**
   * The reversible races of an event that could not come, with what it waits for or what stopped it: its context waits for
   * ever, or the run was cut short.
   */
  addPending(deed: Deed, waiting: Waiting | null): void {
    if (this.isCutShort) this.races.push({ first: this.length - 1, deed, second: this.length });
    else {
      this.#fit(deed);
      this.#place(deed, this.length, false, waiting);
    }
  }

  /** Does the run end with a step in which it was cut short? */
  get isCutShort(): boolean {
    const last = this.deeds[this.length - 1];
    return last !== undefined && isCut(last);
  }

  /** What happens before an event: its row, filled, and its races. */
  #place(deed: Deed, event: number, happens: boolean, waiting: Waiting | null): void {
    const { width } = this;
    const row = event * width;
    const previous = this.last[deed.context] as number;
    if (previous >= 0) this.rows.copyWithin(row, previous * width, (previous + 1) * width);
    else {
      this.rows.fill(0, row, row + width);
      // The set-up, by context 0, is before everything.
      if (event > 0) this.rows[row] = 1;
    }
    if (happens) for (const other of this.#after) this.join(this.rows, row, other);
    const enabler = this.#enabler(deed.context, previous, event);
    if (deed.further === null && (deed.access & NEEDS) === 0 && enabler === NONE) {
      if (happens && deed.access !== NOTHING) this.#depend(deed, deed.access, row, event);
      return;
    }
    this.#stoppedRace(deed, previous, event);
    if (enabler !== NONE) this.join(this.rows, row, enabler);
    waitingRaces(this, { deed, event, enabler, happens }, waiting);
  }

  /** The common case: one access, which waits for nobody. */
  #depend(deed: Deed, access: number, row: number, event: number): void {
    const { contexts, accesses } = this;
    const writes = (access & WRITES) !== 0;
    for (let at = accesses.last[accessObject(access)] as number; at >= 0; at = accesses.before[at] as number) {
      const wrote = ((accesses.what[at] as number) & WRITES) !== 0;
      if (!writes && !wrote) continue;
      const other = accesses.event[at] as number;
      const whose = contexts[other] as number;
      if (whose !== deed.context && (this.rows[row + whose] as number) <= other) {
        this.join(this.rows, row, other);
        this.race(other, deed, access, event);
      }
      if (wrote) return;
    }
  }

  /** Two events can be reversed, by an access of the second one. */
  race(first: number, deed: Deed, access: number, second: number): void {
    const finds = (access & (TRIES | COMPARES)) !== 0;
    const other = finds ? turned(deed, accessObject(access), this.before(first, accessObject(access)) === this.#expected[second]) : deed;
    this.races.push({ first, deed: other, second });
  }

  /** The event that enabled the pending operation of a context last. */
  #enabler(context: number, previous: number, event: number): number {
    for (let at = this.#changed[event] as number; at > previous && at > 0; at = this.#changed[at] as number)
      if (this.#changes[at]?.opened.includes(context) === true) return at;
    return NONE;
  }

  /** What stopped the context while this was pending could have come after it. */
  #stoppedRace(deed: Deed, previous: number, event: number): void {
    for (let at = this.#changed[event] as number; at > previous && at > 0; at = this.#changed[at] as number) {
      if (this.#changes[at]?.stopped.includes(deed.context) !== true) continue;
      this.races.push({ first: at, deed, second: event });
      return;
    }
  }

  /** Adds to a row, in `into` at `row`, what happens before an event. */
  join(into: Int32Array, row: number, event: number): void {
    const { rows, width } = this;
    const from = event * width;
    for (let i = 0; i < width; i++) {
      const other = rows[from + i] as number;
      if (other > (into[row + i] as number)) into[row + i] = other;
    }
  }

  /** Makes room for one more event of a context. */
  #fit(deed: Deed): void {
    if (deed.context >= this.width) this.#widen(deed.context);
    this.accesses.fit(deed);
    const end = this.length + 2;
    if (end <= this.contexts.length) return;
    this.contexts = larger(this.contexts, end);
    this.#previous = larger(this.#previous, end);
    this.#changed = larger(this.#changed, end);
    this.rows = larger(this.rows, this.contexts.length * this.width);
  }

  /** More contexts than rows have room for. */
  #widen(context: number): void {
    const before = this.width;
    const width = Math.max(2 * before, context + 1);
    const rows = new Int32Array(this.contexts.length * width);
    for (let event = 0; event < this.length; event++)
      rows.set(this.rows.subarray(event * before, (event + 1) * before), event * width);
    this.rows = rows;
    this.last = larger(this.last, width - 1);
    this.last.fill(NONE, before);
    this.width = width;
  }
}
