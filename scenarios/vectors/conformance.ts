/** What replaying recorded behaviour comes to, for every format. */
import { Inconclusive, RunFailure, type Failure } from "../../sim/index.ts";
import type { Difference } from "./compare.ts";
import { Unreadable } from "./reader.ts";

/** The first place where the model did not do what the kernel did. */
export interface Divergence {
  /** Line of the file, from 1; of `ring-count` the row. */
  readonly line: number;
  /** Seed of the sequence; null where the format has none. */
  readonly seed: number | null;
  readonly operation: {
    /** From 0; -1: the set-up, before the first operation. */
    readonly index: number;
    readonly op: unknown;
  };
  /** The recorded state. */
  readonly expected: unknown;
  /** The model's state, `{panic}`, or `{failure}` when the model fails in a way the kernel does not know. */
  readonly got: unknown;
  /** The fields in which they differ. */
  readonly fields: readonly Difference[];
}

/** What a file of recorded behaviour came to. */
export interface Conformance {
  /** Sequences that were replayed, the diverging one included. */
  readonly sequences: number;
  /** Operations that agreed. */
  readonly operations: number;
  /** Null: all agree. */
  readonly divergence: Divergence | null;
}

/** What one sequence came to. */
export interface Replayed {
  /** Operations that agreed. */
  readonly agreed: number;
  readonly divergence: Divergence | null;
}

/** Replays the sequences of a file, one a line, until one diverges. Throws `Unreadable` when there is none, and what `replay` throws. */
export function conformLines(lines: Iterable<string>, replay: (text: string, line: number) => Replayed): Conformance {
  let line = 0;
  let sequences = 0;
  let operations = 0;
  for (const text of lines) {
    line++;
    if (text.trim() === "") continue;
    const { agreed, divergence } = replay(text, line);
    sequences++;
    operations += agreed;
    if (divergence !== null) return { sequences, operations, divergence };
  }
  if (sequences === 0) throw new Unreadable(`line ${Math.max(line, 1)}`, "the file is empty: not one sequence");
  return { sequences, operations, divergence: null };
}

/** How the model broke: like the kernel, or in a way of its own. */
export type Broken = { readonly panic: string } | { readonly failure: string };

/** Runs model code; a failure becomes data. */
export function attempt<T>(run: () => T): { readonly value: T } | { readonly broken: Broken } {
  try {
    return { value: run() };
  } catch (error) {
    if (error instanceof RunFailure) return { broken: inWords(error.failure) };
    if (error instanceof Inconclusive) return { broken: { failure: error.message } };
    throw error;
  }
}

const inWords = ({ kind, id, message }: Failure): Broken =>
  kind === "Panic" ? { panic: message } : { failure: `${kind} ${id}: ${message}` };
