/** Does a failing run depend on its data choices? Each that is not benign is made benign, then all of them. */
import { Replay, Traced, type Context, type Execution, type Failure, type Strategy } from "../../sim/index.ts";
import type { EngineSet } from "../engine-set.ts";
import { modelledStack, withLongStacks } from "../stack.ts";
import { routineOf } from "./cause.ts";
import { ended, followed, type Followed } from "./flips.ts";

/** A data choice without which the run passes. */
export interface Draw {
  readonly actor: string;
  /** The kernel routine that it is made in; empty: none. */
  readonly routine: string;
  /** Of the choices of its actor since the run began, from 1. */
  readonly nth: number;
  /** What was drawn; 0 is the benign answer. */
  readonly value: number;
  readonly text: string;
}

/** What was found. */
export interface FoundDraws {
  /** Empty: none, or none that helps. */
  readonly draws: readonly Draw[];
  readonly passing: Followed | null;
  readonly runs: number;
}

/** Looks for the one, or for all, with whose benign answer the run passes in its order. */
export function findDraws(engine: EngineSet, base: Followed, failure: Failure): FoundDraws {
  if (base.what.choices.draws.length === 0) return { draws: [], passing: null, runs: 0 };
  const listening = new Listening(new Replay(base.what.choices));
  ended(engine, base.what, failure, new Traced(listening), "");
  const drawn = listening.heard;
  const { course } = base.traced;
  let runs = 1;
  for (const benign of [...drawn.map((each) => [each]), ...(drawn.length > 1 ? [drawn] : [])]) {
    const draws = new Map([...course.draws].map(([actor, values]) =>
      [actor, values.map((value, i) => (benign.some((each) => each.actor === actor && each.nth === i + 1) ? 0 : value))]));
    runs++;
    const ran = followed(engine, base.what, failure, { ...course, draws });
    if (ran.came === "passed") return { draws: benign, passing: ran, runs };
  }
  return { draws: [], passing: null, runs };
}

/** In words. */
export const drawsText = (draws: readonly Draw[]): string =>
  `passes in this order if ${draws.map(({ text, value }) => `${text} draws the benign answer (0), not ${String(value)}`).join(", and ")}`;

/** The routines that are running. */
function calling(): ReturnType<typeof modelledStack> {
  return withLongStacks(() => modelledStack(calling));
}

/** Replays, and hears in which routines draws are not benign. */
class Listening implements Strategy {
  readonly name = "listening";
  readonly everyPoint = true;
  readonly heard: Draw[] = [];
  readonly #inner: Replay;
  readonly #counts = new Map<string, number>();

  constructor(inner: Replay) {
    this.#inner = inner;
  }

  begin(): boolean {
    return this.#inner.begin();
  }

  choose(x: Execution, current: Context | null): Context {
    return this.#inner.choose(x, current);
  }

  draw(x: Execution, n: number): number {
    const value = this.#inner.draw(x, n);
    const { name, cpu } = x.current;
    const nth = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, nth);
    if (value === 0) return value;
    const routine = routineOf(calling());
    const where = cpu === null ? "" : ` on cpu ${String(cpu.id)}`;
    this.heard.push({ actor: name, routine, nth, value, text: routine === "" ? name : `\`${routine}\`${where} (${name})` });
    return value;
  }
}
