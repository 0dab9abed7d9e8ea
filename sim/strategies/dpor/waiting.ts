/**
 * Races of events that are not the common case: with several accesses, or such that had to wait for something.
 *
 * What needs an object to be open (a lock, the CPU of an interrupt line, a condition) cannot come directly before what
 * opened it. It races with the nearest event before which the object was open, unless it has to come after that for
 * another reason (blocking: JACM 2017, section 10; conditions: Jonsson, Lång, Sagonas: "Awaiting for Godot", FMCAD 2022).
 */
import { NONE } from "./arrays.ts";
import { CLOSED, NEEDS, NOTHING, OPEN, WRITES, accessObject, isCut, type Deed } from "./deed.ts";
import type { Trace } from "./trace.ts";

/** Something a pending operation needs, for which accesses alone do not tell when it was there. */
export interface Waiting {
  /** The events before which it was there last, of those that the operation need not come after. */
  readonly since: readonly number[];
}

/** What an event depends on directly: events in descending order, and their accesses in question. */
interface Candidates {
  readonly events: number[];
  readonly touched: number[];
}

/** An event that is being placed: its place, and who enabled it; `happens`: it could come. */
export interface Placed {
  readonly deed: Deed;
  readonly event: number;
  readonly enabler: number;
  readonly happens: boolean;
}

/** Completes the row of an event and finds its races; what is before it in its context, and its enabler, are in the row. */
export function waitingRaces(trace: Trace, placed: Placed, waiting: Waiting | null): void {
  const { deed, event, happens } = placed;
  const candidates = candidatesOf(trace, deed);
  const { rows, width, contexts } = trace;
  const row = event * width;
  for (let i = 0; i < candidates.events.length; i++) {
    const other = candidates.events[i] as number;
    const whose = contexts[other] as number;
    if (whose === deed.context || (rows[row + whose] as number) > other) continue;
    trace.join(rows, row, other);
    const touched = candidates.touched[i] as number;
    if (happens && !needs(deed, trace.deeds[other] as Deed))
      trace.race(other, deed, accessTo(deed, accessObject(touched)), event);
  }
  if (waiting !== null) for (const first of waiting.since) trace.races.push({ first, deed, second: event });
  else
    for (const access of deed.further ?? [deed.access])
      if (access > 0 && (access & NEEDS) !== 0) needRaces(trace, placed, accessObject(access), candidates);
}

/** Did an event change something that another one needs? What only looked at it did not. */
function needs({ access, further }: Deed, other: Deed): boolean {
  for (const each of further ?? [access])
    if (each > 0 && (each & NEEDS) !== 0 && changes(other, accessObject(each))) return true;
  return false;
}

const changes = (deed: Deed, object: number): boolean => (accessTo(deed, object) & (WRITES | CLOSED)) !== 0;

/** Races with what came while the object was open. */
function needRaces(trace: Trace, { deed, event, enabler }: Placed, object: number, candidates: Candidates): void {
  const base = rowWithout(trace, deed, object, enabler, candidates);
  const { accesses, contexts } = trace;
  for (let at = accesses.last[object] as number; at >= 0; at = accesses.before[at] as number) {
    const other = accesses.event[at] as number;
    const was = accesses.what[at] as number;
    if ((base[contexts[other] as number] as number) > other) break;
    const before = trace.before(other, object);
    if ((was & WRITES) === 0 || (was & CLOSED) !== 0 || before === false) continue;
    trace.races.push({ first: other, deed, second: event });
    if ((was & OPEN) !== 0 || before === true) break;
  }
}

/**
 * What has to be before an event whatever it finds in an object: what made other things it needs be there. What it
 * depends on otherwise may come behind it.
 */
function rowWithout(trace: Trace, deed: Deed, object: number, enabler: number, { events, touched }: Candidates): Int32Array {
  const { width, rows } = trace;
  const base = new Int32Array(width);
  const previous = trace.last[deed.context] as number;
  if (previous >= 0) base.set(rows.subarray(previous * width, (previous + 1) * width));
  if (enabler !== NONE && accessTo(trace.deeds[enabler] as Deed, object) === NOTHING) trace.join(base, 0, enabler);
  for (let i = 0; i < events.length; i++) {
    const other = accessObject(touched[i] as number);
    if (other !== object && (accessTo(deed, other) & NEEDS) !== 0) trace.join(base, 0, events[i] as number);
  }
  return base;
}

/**
 * For {@link Waiting}: the last event before which the condition on an object held, of those that a context need not
 * come after.
 */
export function since(trace: Trace, context: number, object: number, held: (event: number) => boolean): Waiting {
  const { accesses } = trace;
  const previous = trace.last[context] ?? NONE;
  for (let at = accesses.last[object] ?? NONE; at >= 0; at = accesses.before[at] as number) {
    const event = accesses.event[at] as number;
    if (event <= previous && trace.isBefore(event, previous)) break;
    if (((accesses.what[at] as number) & WRITES) !== 0 && held(event)) return { since: [event] };
  }
  return NEVER;
}

const NEVER: Waiting = { since: [] };

/** All events that an event depends on directly, but for its context and its enabler. */
function candidatesOf(trace: Trace, deed: Deed): Candidates {
  const candidates: Candidates = { events: [], touched: [] };
  const { accesses, last } = trace;
  if (isCut(deed)) for (const each of last) if (each >= 0) addCandidate(candidates, each, NOTHING);
  for (const access of deed.further ?? [deed.access]) {
    if (access < 0) {
      const stopped = last[~access] ?? NONE;
      if (stopped >= 0) addCandidate(candidates, stopped, NOTHING);
      continue;
    }
    if (access === NOTHING) continue;
    for (let at = accesses.last[accessObject(access)] as number; at >= 0; at = accesses.before[at] as number) {
      const what = accesses.what[at] as number;
      if (((what | access) & WRITES) !== 0) addCandidate(candidates, accesses.event[at] as number, what);
      if ((what & WRITES) !== 0) break;
    }
  }
  return candidates;
}

function addCandidate({ events, touched }: Candidates, event: number, what: number): void {
  let i = events.length;
  events.push(event);
  touched.push(what);
  for (; i > 0 && (events[i - 1] as number) < event; i--) {
    events[i] = events[i - 1] as number;
    touched[i] = touched[i - 1] as number;
  }
  events[i] = event;
  touched[i] = what;
}

/** The access of a deed to an object; {@link NOTHING}: it has none. */
function accessTo({ access, further }: Deed, object: number): number {
  for (const each of further ?? [access]) if (each > 0 && accessObject(each) === object) return each;
  return NOTHING;
}
