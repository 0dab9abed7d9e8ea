/**
 * What is remembered of memory for the race check: of every byte the accesses that a later one could race with. An
 * *epoch* (one context, one count) is enough for the last store, and for loads as long as they are ordered (Flanagan,
 * Freund: "FastTrack: efficient and precise dynamic race detection", PLDI 2009, section 3). Atomic accesses race with
 * plain ones only, so they are kept apart; and since they do, they make nobody forget a plain one.
 */
import type { Clock } from "./clocks.ts";

/** One access, as it is remembered. */
export interface Access {
  readonly context: number;
  /** The count of the context's clock when it happened. */
  readonly count: number;
  /** Its place, as whoever feeds the detector counts places. */
  readonly at: number;
}

/** How an access touches its bytes. */
export const Touch = { Load: 0, Store: 1, AtomicLoad: 2, AtomicStore: 3 } as const;
/** Kind of a touch. */
export type Touch = (typeof Touch)[keyof typeof Touch];

const NONE: readonly Access[] = [];

/** Accesses of one kind of which none is before another; nearly always one at most, which is kept in place. */
class Front {
  #context = -1;
  #count = 0;
  #at = 0;
  #all: readonly Access[] | null = null;

  /** Is each of them before whoever has this clock? */
  isBefore(clock: Clock): boolean {
    if (this.#all !== null) return this.after(clock).length === 0;
    return this.#context < 0 || this.#count <= clock.of(this.#context);
  }

  /** Those that are not before, the earliest first. */
  after(clock: Clock): readonly Access[] {
    if (this.#all !== null) return this.#all.filter(({ context, count }) => count > clock.of(context));
    const context = this.#context;
    return this.isBefore(clock) ? NONE : [{ context, count: this.#count, at: this.#at }];
  }

  /** One more: those that are before it, whoever is after it is after them too. */
  add(context: number, clock: Clock, at: number): void {
    const count = clock.of(context);
    const left = this.isBefore(clock) ? NONE : this.after(clock);
    if (left.length === 0) this.set(context, count, at);
    else this.#all = [...left, { context, count, at }];
  }

  /** Only this one. */
  set(context: number, count: number, at: number): void {
    this.#context = context;
    this.#count = count;
    this.#at = at;
    this.#all = null;
  }

  clear(): void {
    this.#context = -1;
    this.#all = null;
  }

  copy(): Front {
    const front = new Front();
    front.set(this.#context, this.#count, this.#at);
    front.#all = this.#all;
    return front;
  }
}

/** What is remembered of some bytes that were always accessed together. */
class History {
  #store = new Front();
  #loads = new Front();
  #atomicStores: Front | null = null;
  #atomicLoads: Front | null = null;

  /** Takes an access; answers those it races with: null for none. */
  take(touch: Touch, context: number, clock: Clock, at: number): readonly Access[] | null {
    const found = this.#isQuiet(touch, clock) ? null : this.#racing(touch, clock);
    if (touch === Touch.Load) this.#loads.add(context, clock, at);
    else if (touch === Touch.Store) {
      // Whoever races with what is forgotten here races with this store, or has been told already.
      this.#store.set(context, clock.of(context), at);
      this.#loads.clear();
      this.#atomicStores = this.#atomicLoads = null;
    } else if (touch === Touch.AtomicLoad) (this.#atomicLoads ??= new Front()).add(context, clock, at);
    else (this.#atomicStores ??= new Front()).add(context, clock, at);
    return found;
  }

  #isQuiet(touch: Touch, clock: Clock): boolean {
    if (!this.#store.isBefore(clock)) return false;
    if (touch === Touch.AtomicLoad) return true;
    if (touch !== Touch.Load && !this.#loads.isBefore(clock)) return false;
    if (touch === Touch.AtomicStore || (this.#atomicStores === null && this.#atomicLoads === null)) return true;
    return this.#racing(touch, clock).length === 0;
  }

  #racing(touch: Touch, clock: Clock): readonly Access[] {
    const fronts = [this.#store];
    if (touch === Touch.Store || touch === Touch.AtomicStore) fronts.push(this.#loads);
    if (touch <= Touch.Store && this.#atomicStores !== null) fronts.push(this.#atomicStores);
    if (touch === Touch.Store && this.#atomicLoads !== null) fronts.push(this.#atomicLoads);
    return fronts.flatMap((front) => front.after(clock));
  }

  copy(): History {
    const history = new History();
    history.#store = this.#store.copy();
    history.#loads = this.#loads.copy();
    history.#atomicStores = this.#atomicStores?.copy() ?? null;
    history.#atomicLoads = this.#atomicLoads?.copy() ?? null;
    return history;
  }
}

/** Where the bytes of every object end, however many it has. */
export const WHOLE = 0x4000_0000;

/** Bytes `from` to `to`, the end not included. */
interface Piece {
  from: number;
  to: number;
  readonly history: History;
}

/** The memory of one object: one piece as long as it is accessed as a whole, cut where accesses begin and end. */
export class Shadow {
  /** By ascending place; no two overlap, bytes never accessed are in none. */
  #pieces: Piece[] = [];
  #whole: History | null = null;

  /**
   * Takes an access to the bytes `from` to `to` (the end not included); answers those it races with, each once, or
   * null. Cost: constant while the object is accessed as a whole, else linear in its pieces.
   */
  take(touch: Touch, context: number, clock: Clock, at: number, from: number, to: number): readonly Access[] | null {
    if (from === 0 && to === WHOLE && this.#pieces.length === 0) {
      return (this.#whole ??= new History()).take(touch, context, clock, at);
    }
    this.#cut(from, to);
    const racing = new Map<number, Access>();
    for (const piece of this.#pieces) {
      if (piece.from < from || piece.to > to) continue;
      for (const access of piece.history.take(touch, context, clock, at) ?? NONE) racing.set(access.at, access);
    }
    return racing.size === 0 ? null : [...racing.values()].sort((a, b) => a.at - b.at);
  }

  /** Pieces such that these bytes are some of them. */
  #cut(from: number, to: number): void {
    if (this.#pieces.length === 0 && this.#whole !== null) {
      this.#pieces.push({ from: 0, to: WHOLE, history: this.#whole });
    }
    const pieces: Piece[] = [];
    let covered = from;
    for (const piece of this.#pieces) {
      if (piece.from < to && piece.to > covered && piece.from > covered) {
        pieces.push({ from: covered, to: piece.from, history: new History() });
      }
      if (piece.to > from) covered = Math.max(covered, Math.min(piece.to, to));
      pieces.push(...split(piece, from, to));
    }
    if (covered < to) pieces.push({ from: covered, to, history: new History() });
    this.#pieces = pieces.sort((a, b) => a.from - b.from);
  }
}

/** A piece cut at two places, where they are inside. */
function split(piece: Piece, ...places: readonly number[]): readonly Piece[] {
  const inside = places.filter((place) => place > piece.from && place < piece.to);
  const bounds = [piece.from, ...inside, piece.to];
  return bounds.slice(1).map((to, i) => {
    return { from: bounds[i] as number, to, history: i === 0 ? piece.history : piece.history.copy() };
  });
}
