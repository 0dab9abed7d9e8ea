/**
 * Where the words, mutexes and condition variables of a program are. Cells of arrays whose index is computed become known
 * when they are first touched, and keep their place in all runs after that: an object has one number, whatever the schedule.
 */
import { fail } from "../sim/index.ts";
import type { Evaluate, Registers } from "./expressions.ts";

/** What a name stands for; the three have names of their own. */
export type ObjectKind = "word" | "mutex" | "condition";
/** Finds an object for an instruction. */
export type Slot = (registers: Registers) => number;

/** One known object. */
interface Known {
  readonly kind: ObjectKind;
  readonly name: string;
}

const INDEX_MAX = 999_999;

/** The objects of a program, in the order in which they became known. */
export class Layout {
  readonly known: Known[] = [];
  readonly #slots = new Map<string, number>();

  /** The place of an object. */
  slotOf(kind: ObjectKind, name: string): number {
    const key = `${kind} ${name}`;
    const known = this.#slots.get(key);
    if (known !== undefined) return known;
    const slot = this.known.push({ kind, name }) - 1;
    this.#slots.set(key, slot);
    return slot;
  }

  /** How many words are known. Cost: linear. */
  get words(): number {
    return this.known.filter(({ kind }) => kind === "word").length;
  }

  /** The place of a word that may not exist; -1: it does not. */
  wordAt(name: string): number {
    return this.#slots.get(`word ${name}`) ?? -1;
  }

  /** Cells of an array. */
  arrayOf(kind: ObjectKind, array: string, index: Evaluate): Slot {
    const slots: number[] = [];
    return (registers) => {
      const i = index(registers);
      if (!Number.isInteger(i) || i < 0 || i > INDEX_MAX)
        return fail("Memory", "bad-index", `${array}[${String(i)}] is no cell.`);
      const slot = slots[i] ?? this.slotOf(kind, `${array}[${String(i)}]`);
      slots[i] = slot;
      return slot;
    };
  }
}
