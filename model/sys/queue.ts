/**
 * Intrusive lists. An element is on one list of a kind at most: inserting it twice, or removing it from a list it
 * is not on, corrupts memory in C and ends the run here.
 *
 * Mirrors: sys/sys/queue.h TAILQ_*, STAILQ_*, SLIST_*.
 */
import { fail } from "../../sim/index.ts";

/** `TAILQ_ENTRY`: the links of an element. */
export class TailqEntry<T> {
  tqe_next: T | null = null;
  tqe_prev: T | null = null;
  /** The list it is on. */
  list: object | null = null;
}

/** `TAILQ_HEAD`. `entry` says which field of an element holds its links. */
export class Tailq<T> {
  readonly label: string;
  readonly entry: (elm: T) => TailqEntry<T>;
  tqh_first: T | null = null;
  tqh_last: T | null = null;

  constructor(label: string, entry: (elm: T) => TailqEntry<T>) {
    this.label = label;
    this.entry = entry;
  }

  /** Claims the links of an element that is on no list. */
  claim(elm: T): TailqEntry<T> {
    const links = this.entry(elm);
    if (links.list !== null) corrupt(this.label, "inserted while it is on a list");
    links.list = this;
    return links;
  }

  /** From first to last; the element just handed out may be removed meanwhile. */
  *[Symbol.iterator](): Generator<T, void, void> {
    let elm = this.tqh_first;
    while (elm !== null) {
      const next = this.entry(elm).tqe_next;
      yield elm;
      elm = next;
    }
  }
}

function corrupt(list: string, what: string): never {
  return fail("Memory", "list-corruption", `element of ${list} ${what}`, [["list", list]]);
}

export const TAILQ_EMPTY = <T>(head: Tailq<T>): boolean => head.tqh_first === null;
export const TAILQ_FIRST = <T>(head: Tailq<T>): T | null => head.tqh_first;
export const TAILQ_NEXT = <T>(head: Tailq<T>, elm: T): T | null => head.entry(elm).tqe_next;

export function TAILQ_INSERT_TAIL<T>(head: Tailq<T>, elm: T): void {
  const links = head.claim(elm);
  const last = head.tqh_last;
  links.tqe_prev = last;
  links.tqe_next = null;
  if (last === null) head.tqh_first = elm;
  else head.entry(last).tqe_next = elm;
  head.tqh_last = elm;
}

export function TAILQ_INSERT_HEAD<T>(head: Tailq<T>, elm: T): void {
  const links = head.claim(elm);
  const first = head.tqh_first;
  links.tqe_next = first;
  links.tqe_prev = null;
  if (first === null) head.tqh_last = elm;
  else head.entry(first).tqe_prev = elm;
  head.tqh_first = elm;
}

export function TAILQ_INSERT_AFTER<T>(head: Tailq<T>, listelm: T, elm: T): void {
  const before = head.entry(listelm);
  if (before.list !== head) corrupt(head.label, "has one inserted after it while it is not on the list");
  const links = head.claim(elm);
  const next = before.tqe_next;
  links.tqe_next = next;
  links.tqe_prev = listelm;
  if (next === null) head.tqh_last = elm;
  else head.entry(next).tqe_prev = elm;
  before.tqe_next = elm;
}

export function TAILQ_REMOVE<T>(head: Tailq<T>, elm: T): void {
  const links = head.entry(elm);
  if (links.list !== head) corrupt(head.label, "removed while it is not on the list");
  const { tqe_next: next, tqe_prev: prev } = links;
  if (prev === null) head.tqh_first = next;
  else head.entry(prev).tqe_next = next;
  if (next === null) head.tqh_last = prev;
  else head.entry(next).tqe_prev = prev;
  links.tqe_next = null;
  links.tqe_prev = null;
  links.list = null;
}

/** `STAILQ_HEAD`: a list that is taken from its head. */
export class Stailq<T> extends Tailq<T> {}

export const STAILQ_FIRST = <T>(head: Stailq<T>): T | null => head.tqh_first;
export const STAILQ_INSERT_TAIL = <T>(head: Stailq<T>, elm: T): void => TAILQ_INSERT_TAIL(head, elm);
export function STAILQ_REMOVE_HEAD<T>(head: Stailq<T>): void {
  if (head.tqh_first === null) corrupt(head.label, "removed from the empty list");
  TAILQ_REMOVE(head, head.tqh_first);
}

/** `SLIST_HEAD`: a list that is filled and taken at its head. */
export class Slist<T> extends Tailq<T> {}

export const SLIST_FIRST = <T>(head: Slist<T>): T | null => head.tqh_first;
export const SLIST_INSERT_HEAD = <T>(head: Slist<T>, elm: T): void => TAILQ_INSERT_HEAD(head, elm);
export function SLIST_REMOVE_HEAD<T>(head: Slist<T>): void {
  if (head.tqh_first === null) corrupt(head.label, "removed from the empty list");
  TAILQ_REMOVE(head, head.tqh_first);
}
