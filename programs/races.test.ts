// Races of the programs of the corpora, over all their traces: against what can be told from a program's text alone, and
// against a closure of happens-before that knows neither clocks nor epochs.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Draws, LogReader, Op, findRaces, opKind, opMode, opObject, opResult, rng, type Execution } from "../sim/index.ts";
import { Compiled } from "./compile.ts";
import { countTraces } from "./count.ts";
import type { Block, Source, Statement } from "./language.ts";
import { readProgram } from "./reading.ts";

const TRACES_MAX = 150;

/** Every program with few traces, once. */
function programs(): ReadonlyMap<string, Source> {
  const packed = readFileSync(new URL("corpora/exploration-counts.json.gz", import.meta.url));
  const { programs: all } = JSON.parse(gunzipSync(packed).toString("utf8")) as {
    programs: { name: string; program?: unknown; computed?: { graphs_total?: number; mazurkiewicz_total?: number }; expected: unknown }[];
  };
  const byText = new Map<string, string>();
  for (const { name, program, expected } of all) {
    if (program !== undefined && typeof expected === "number" && expected <= TRACES_MAX) byText.set(JSON.stringify(program), name);
  }
  return new Map([...byText].map(([text, name]) => [name, readProgram(JSON.parse(text))]));
}

/** An access as the text shows it. */
interface Seen {
  readonly thread: number;
  readonly place: string;
  readonly kind: "load" | "store" | "atomic";
  readonly locks: readonly string[];
}

const PLAIN: Readonly<Record<string, Seen["kind"]>> = { st: "store", ld: "load", rmw: "atomic", xchg: "atomic", cas: "atomic" };
const PLACE_AT: Readonly<Record<string, number>> = { st: 1, ld: 2, rmw: 2, xchg: 2, cas: 2 };
const LOCAL: ReadonlySet<string> = new Set(["set", "assert", "lock", "unlock"]);

/** The accesses of straight threads; null where the text does not tell what is executed, or in which order. */
function accessesOf({ threads }: Source): readonly Seen[] | null {
  const all: Seen[] = [];
  for (const [thread, block] of threads.entries()) {
    const seen = ofThread(thread, block);
    if (seen === null) return null;
    all.push(...seen);
  }
  return all;
}

function ofThread(thread: number, block: Block): readonly Seen[] | null {
  const locks: string[] = [];
  const all: Seen[] = [];
  for (const statement of block as readonly (readonly unknown[] & Statement)[]) {
    const [op] = statement;
    const kind = PLAIN[op];
    if (kind !== undefined) {
      const place = statement[PLACE_AT[op] ?? 0];
      if (typeof place !== "string") return null;
      all.push({ thread, place, kind, locks: [...locks] });
    } else if (!LOCAL.has(op)) return null;
    else if (op === "lock") locks.push(String(statement[1]));
    else if (op === "unlock") locks.splice(locks.indexOf(String(statement[1])), 1);
  }
  return all;
}

const conflict = (a: Seen, b: Seen): boolean =>
  a.thread < b.thread && a.place === b.place && a.kind !== b.kind
  || (a.thread < b.thread && a.place === b.place && a.kind === "store" && b.kind === "store");

/** What the text says of every execution; null: nothing for certain. */
function verdictOf(source: Source): "always" | "never" | null {
  const accesses = accessesOf(source);
  if (accesses === null) return null;
  const pairs = accesses.flatMap((a) => accesses.filter((b) => conflict(a, b)).map((b) => [a, b] as const));
  if (pairs.every(([a, b]) => a.locks.some((lock) => b.locks.includes(lock)))) return "never";
  // Without anything that could order them they race in every execution.
  const unordered = accesses.every(({ kind, locks }) => kind !== "atomic" && locks.length === 0);
  return unordered ? "always" : null;
}

/** Traces of a program, and how many of them show a race: by the detector, and by the closure. */
function racesOf(source: Source): { readonly traces: number; readonly racy: number; readonly closed: number } {
  let traces = 0;
  let racy = 0;
  let closed = 0;
  countTraces(new Compiled(source, { failing: false }), {
    executionsMax: 20 * TRACES_MAX,
    onTrace: (x) => {
      traces++;
      if (findRaces(x).length > 0) racy++;
      if (hasUnorderedPair(x)) closed++;
    },
  });
  return { traces, racy, closed };
}

interface Happened {
  readonly context: number;
  readonly word: number;
  readonly before: Set<number>;
}

const PUBLISHES: ReadonlySet<string> = new Set(["release", "acquire-release", "replace"]);
const TAKES: ReadonlySet<string> = new Set(["acquire", "acquire-release"]);

const modeOf = (word: number): string => {
  const kind = opKind(word);
  if (kind === Op.Cmpset && !opResult(word)) return "acquire";
  return kind === Op.Try && !opResult(word) ? "none" : opMode(kind);
};
const writes = (word: number): boolean => {
  const kind = opKind(word);
  return kind === Op.Store || kind === Op.Rmw || (kind === Op.Cmpset && opResult(word));
};
const touches = (word: number): boolean => [Op.Load, Op.Store, Op.Rmw, Op.Cmpset].some((kind) => kind === opKind(word));
const isPlain = (word: number): boolean => opKind(word) === Op.Load || opKind(word) === Op.Store;

/** Happens-before as sets of events, all pairs compared. */
function hasUnorderedPair(x: Execution): boolean {
  const events: Happened[] = [];
  const last = new Map<number, number>();
  const everything = (index: number | undefined): readonly number[] =>
    index === undefined ? [] : [index, ...(events[index]?.before ?? [])];
  new LogReader(x.recording.log, {
    started: (parent, child) => {
      const index = last.get(parent);
      if (index !== undefined) last.set(child, index);
    },
    performed: (context, word) => {
      const before = new Set(everything(last.get(context)));
      if (TAKES.has(modeOf(word))) {
        const replaced = events.findLastIndex((event) => opObject(event.word) === opObject(word) && modeOf(event.word) === "replace");
        events.forEach((event, i) => {
          if (i < replaced || opObject(event.word) !== opObject(word) || !PUBLISHES.has(modeOf(event.word))) return;
          for (const each of everything(i)) before.add(each);
        });
      }
      last.set(context, events.length);
      events.push({ context, word, before });
    },
  }, x.enabled.length === 0).read();
  return events.some((b, j) => touches(b.word) && events.some((a, i) =>
    i < j && a.context !== b.context && touches(a.word) && opObject(a.word) === opObject(b.word)
    && (writes(a.word) || writes(b.word)) && (isPlain(a.word) || isPlain(b.word)) && !b.before.has(i)));
}

/** Two threads that tell each other something through y, and touch x in between; perhaps under a lock. */
function drawn(draws: Draws): readonly (readonly unknown[])[] {
  const access = (): readonly unknown[] =>
    [["st", "x", 1], ["ld", "r", "x"], ["rmw", "r", "x", ["+", "_old", 1]], ["cas", "r", "x", 0, 2]][draws.below(4)]!;
  const meeting = (): readonly unknown[] => [["rmw", "s", "y", 1], ["cas", "s", "y", 0, 1], ["xchg", "s", "y", 2]][draws.below(3)]!;
  const thread = (): readonly unknown[] => {
    if (draws.below(3) === 0) return [["lock", "m"], access(), ["unlock", "m"], access()];
    return draws.below(2) === 0 ? [access(), meeting()] : [meeting(), access()];
  };
  return Array.from({ length: 2 + draws.below(2) }, thread);
}

describe("programs of the corpora, all their traces", () => {
  const all = programs();

  it("never race where the text has no unguarded pair, and always where nothing orders one", () => {
    const sorted = { always: 0, never: 0 };
    for (const [name, source] of all) {
      const verdict = verdictOf(source);
      if (verdict === null) continue;
      sorted[verdict]++;
      const { traces, racy } = racesOf(source);
      expect([name, verdict, racy]).toEqual([name, verdict, verdict === "always" ? traces : 0]);
    }
    expect(sorted.always).toBeGreaterThan(20);
    expect(sorted.never).toBeGreaterThan(5);
  });

  it("race in the traces in which a closure of happens-before says so", () => {
    for (const [name, source] of all) {
      const { racy, closed } = racesOf(source);
      expect([name, racy]).toEqual([name, closed]);
    }
  });

  it("and so do drawn ones, in which it depends on the trace", () => {
    const draws = new Draws(rng("races"));
    let some = 0;
    for (let i = 0; i < 120; i++) {
      const threads = drawn(draws);
      const { traces, racy, closed } = racesOf(readProgram({ threads }));
      expect([threads, racy]).toEqual([threads, closed]);
      if (racy > 0 && racy < traces) some++;
    }
    expect(some).toBeGreaterThan(15);
  });
});
