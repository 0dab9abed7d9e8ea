/**
 * Wakeup trees: what has to be explored from a place on the path, as sequences of deeds in a certain order (Abdulla,
 * Aronis, Jonsson, Sagonas: "Source sets: a foundation for optimal dynamic partial order reduction", JACM 2017,
 * section 6). A node's children are tried in the order they were added; a leaf stands for everything behind it.
 */
import { conflict, agree, type Deed } from "./deed.ts";

/** A node, with the deed that leads to it. */
export class Wakeup {
  readonly deed: Deed;
  first: Wakeup | null = null;
  next: Wakeup | null = null;

  constructor(deed: Deed) {
    this.deed = deed;
  }
}

/** Where in a sequence a deed stands that could come first; {@link BEFORE}: before all of it; {@link NEVER}: nowhere. */
const BEFORE = -1;
export const NEVER = -2;

/** Is the deed a weak initial of the sequence (definition 6.1)? Cost: linear. */
export function weakInitial(deed: Deed, sequence: readonly Deed[]): number {
  const { context } = deed;
  for (let i = 0; i < sequence.length; i++) {
    const other = sequence[i] as Deed;
    if (other.context === context) return deed === other || agree(deed.draws, other.draws) ? i : NEVER;
    if (conflict(deed, other)) return NEVER;
  }
  return BEFORE;
}

/**
 * Makes sure that a sequence is explored below a node: follows the first child that could come first in it, and adds a
 * branch where there is none. Changes `sequence`. Returns how many nodes it added.
 */
export function insert(root: Wakeup, sequence: Deed[]): number {
  let node = root;
  for (;;) {
    let last: Wakeup | null = null;
    let child = node.first;
    let at = NEVER;
    while (child !== null && (at = weakInitial(child.deed, sequence)) === NEVER) {
      last = child;
      child = child.next;
    }
    if (child === null) {
      const branch = chain(sequence);
      if (last === null) node.first = branch;
      else last.next = branch;
      return sequence.length;
    }
    if (child.first === null) return 0;
    if (at >= 0) sequence.splice(at, 1);
    if (sequence.length === 0) return 0;
    node = child;
  }
}

function chain(sequence: readonly Deed[]): Wakeup | null {
  let first: Wakeup | null = null;
  for (let i = sequence.length - 1; i >= 0; i--) {
    const node = new Wakeup(sequence[i] as Deed);
    node.first = first;
    first = node;
  }
  return first;
}
