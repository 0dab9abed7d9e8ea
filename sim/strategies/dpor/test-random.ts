/** Small random programs on the engine's primitives, for holding the reductions against each other. */
import type { Execution } from "../../execution.ts";
import type { Program } from "../../explorer.ts";
import { Gate } from "../../gate.ts";
import { Struct, atomic, word } from "../../memory.ts";
import type { Routine } from "../../point.ts";
import { Draws, rng } from "../../rng.ts";

/** What a thread does, one after the other. */
type Act =
  | { readonly do: "load" | "store" | "add" | "plain load" | "plain store" | "cmpset" | "swap"; readonly at: number; readonly value: number }
  | { readonly do: "locked" | "tried" | "lock"; readonly at: number; readonly inner: readonly Act[] }
  | { readonly do: "draw" | "if"; readonly at: number; readonly inner: readonly Act[] };

/** What may occur in a program. */
export interface Mix {
  readonly threads: number;
  readonly acts: number;
  readonly locks: boolean;
  readonly draws: boolean;
}

class Shared extends Struct {
  readonly atoms = [atomic(this, 0), atomic(this, 0), atomic(this, 0)];
  readonly words = [word(this, 0), word(this, 0)];
  readonly locks = [new Gate(this.x, "lock a"), new Gate(this.x, "lock b")];
}

/** A program, what its runs leave behind, and its text. */
export interface RandomProgram {
  readonly program: Program;
  /** What every thread saw, and the memory, at the end of the last run. */
  story(): string;
  readonly text: string;
}

/** The program of a seed. */
export function randomProgram(seed: string, mix: Mix): RandomProgram {
  const draws = new Draws(rng(seed));
  return programOf(Array.from({ length: 2 + draws.below(mix.threads - 1) }, () =>
    actsOf(draws, 1 + draws.below(mix.acts), mix, 0),
  ));
}

/** The program of threads. */
function programOf(threads: readonly (readonly Act[])[]): RandomProgram {
  let shared: Shared | null = null;
  let seen: unknown[][] = [];
  const program: Program = {
    setup(x) {
      const s = (shared = new Shared(x, "s"));
      seen = threads.map(() => []);
      threads.forEach((acts, i) => void x.spawn(`t${String(i)}`, () => perform(x, s, acts, seen[i] as unknown[])));
    },
  };
  const story = (): string => {
    const left = [...(shared?.atoms ?? []), ...(shared?.words ?? [])].map((cell) => cell.peek());
    return JSON.stringify([seen, left]);
  };
  return { program, story, text: JSON.stringify(threads) };
}

function actsOf(draws: Draws, count: number, mix: Mix, depth: number): readonly Act[] {
  return Array.from({ length: count }, () => actOf(draws, mix, depth));
}

function actOf(draws: Draws, mix: Mix, depth: number): Act {
  const kind = draws.below(16);
  const at = draws.below(2);
  const value = 1 + draws.below(2);
  const inner = (): readonly Act[] => actsOf(draws, draws.below(2), mix, depth + 1);
  if (kind >= 10 && depth < 2) {
    if (mix.locks && kind < 13) return { do: kind === 10 ? "tried" : "locked", at, inner: inner() };
    if (mix.locks && kind === 13 && draws.below(4) === 0) return { do: "lock", at, inner: inner() };
    if (mix.draws && kind === 14) return { do: "draw", at, inner: inner() };
    if (kind === 15) return { do: "if", at, inner: inner() };
  }
  const plain = ["load", "store", "add", "plain load", "plain store", "cmpset", "swap", "load", "store", "cmpset"] as const;
  return { do: plain[kind % 10] as (typeof plain)[number], at, value };
}

function* perform(x: Execution, s: Shared, acts: readonly Act[], seen: unknown[]): Routine<void> {
  for (const act of acts) {
    if ("inner" in act) {
      const { inner } = act;
      yield* performInner(x, s, act.do, act.at, inner, seen);
      continue;
    }
    const atom = s.atoms[act.at] as Shared["atoms"][number];
    const plain = s.words[act.at] as Shared["words"][number];
    if (act.do === "load") seen.push(yield* atom.load());
    else if (act.do === "store") yield* atom.store(act.value);
    else if (act.do === "add") seen.push(yield* atom.add(act.value));
    else if (act.do === "plain load") seen.push(yield* plain.load());
    else if (act.do === "plain store") yield* plain.store(act.value);
    else if (act.do === "cmpset") seen.push(yield* atom.cmpset(act.value - 1, act.value));
    else seen.push(yield* atom.swap(act.value));
  }
}

function* performInner(
  x: Execution,
  s: Shared,
  what: "locked" | "tried" | "lock" | "draw" | "if",
  at: number,
  inner: readonly Act[],
  seen: unknown[],
): Routine<void> {
  const lock = s.locks[at] as Gate;
  if (what === "draw") {
    yield* (s.atoms[2] as Shared["atoms"][number]).add(1);
    const drawn = x.draw(2 + at);
    seen.push(drawn);
    if (drawn > 0) yield* perform(x, s, inner, seen);
    return;
  }
  if (what === "if") {
    if ((yield* (s.atoms[at] as Shared["atoms"][number]).load()) !== 0) yield* perform(x, s, inner, seen);
    return;
  }
  if (what === "tried") {
    const got = lock.owner !== x.current && (yield* lock.try());
    seen.push(got);
    if (!got) return;
  } else {
    yield* lock.acquire();
    seen.push("locked");
  }
  yield* perform(x, s, inner, seen);
  // A lock that is never given up blocks whoever comes later.
  if (what !== "lock" && lock.owner === x.current) yield* lock.release();
}
