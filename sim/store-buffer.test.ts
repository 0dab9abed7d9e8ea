import { describe, expect, test } from "vitest";
import { Struct } from "./cell.ts";
import type { Execution } from "./execution.ts";
import { explore, type Program } from "./explorer.ts";
import { atomic, frozen, word, type Atomic, type Frozen } from "./memory.ts";
import { MEMORY_MODELS, type MemoryModel } from "./memory-model.ts";
import { Op } from "./operation.ts";
import type { Routine } from "./point.ts";
import { Draws, rng } from "./rng.ts";
import { Exhaustive } from "./strategies/exhaustive.ts";
import { RandomWalk } from "./strategies/random-walk.ts";
import { Twice } from "./strategies/twice.ts";
import { checkStuck } from "./stuck.ts";

class Words extends Struct {
  readonly x_ = word<number>(this, 0);
  readonly y = word<number>(this, 0);
  readonly lock: Atomic<number> = atomic<number>(this, 0);
}

/** What each thread of a litmus test does; answers what it loaded. */
type Body = (words: Words, x: Execution) => Routine<readonly number[]>;

/** A program, and what the last run of it came to: what the threads loaded, then the words at the end. */
class Litmus implements Program {
  readonly memory: MemoryModel;
  readonly #bodies: readonly Body[];
  #loaded: (readonly number[])[] = [];
  #words!: Words;

  constructor(memory: MemoryModel, bodies: readonly Body[]) {
    this.memory = memory;
    this.#bodies = bodies;
  }

  setup(x: Execution): void {
    const words = (this.#words = new Words(x, "words"));
    this.#loaded = this.#bodies.map(() => []);
    for (const [i, body] of this.#bodies.entries()) {
      const thread = function* (loaded: (readonly number[])[]): Routine<void> {
        loaded[i] = yield* body(words, x);
      };
      x.spawn(`t${String(i)}`, () => thread(this.#loaded), { buffered: 2 });
    }
  }

  get outcome(): string {
    const { x_, y } = this.#words;
    return `${this.#loaded.map((values) => values.join("")).join(" ")} ${String(x_.peek())}${String(y.peek())}`;
  }
}

/** Every outcome. */
function outcomes(memory: MemoryModel, ...bodies: readonly Body[]): readonly string[] {
  const program = new Litmus(memory, bodies);
  const seen = new Set<string>();
  const strategy = new Exhaustive();
  explore({ program, strategy, seed: "1", runs: 1e6 }, ({ outcome }) => {
    expect(outcome).toBe("passed");
    seen.add(program.outcome);
    return undefined;
  });
  expect(strategy.exhausted).toBe(true);
  return [...seen].sort();
}

const allow = (seen: (memory: MemoryModel) => readonly string[], outcome: string): readonly MemoryModel[] =>
  MEMORY_MODELS.filter((memory) => seen(memory).some((each) => each.startsWith(outcome)));

const storeThenLoad = (first: "x_" | "y", second: "x_" | "y", between: (words: Words, x: Execution) => Routine<void>): Body =>
  function* (words, x) {
    yield* words[first].store(1);
    yield* between(words, x);
    return [yield* words[second].load()];
  };

const nothing = function* (): Routine<void> {
  // no fence
};
const fence = function* (_words: Words, x: Execution): Routine<void> {
  yield* x.pause(Op.Fence);
};
const storeFence = function* (_words: Words, x: Execution): Routine<void> {
  x.storeFence();
};
const locked = function* ({ lock }: Words): Routine<void> {
  yield* lock.add(1);
};
const failingCompare = function* ({ lock }: Words): Routine<void> {
  yield* lock.cmpset(7, 1);
};

const reader: Body = function* ({ x_, y }) {
  const seen = yield* y.load();
  return [seen, yield* x_.load()];
};

describe("a store passes a later load under TSO and PSO", () => {
  test.each([
    ["nothing between", nothing, ["tso", "pso"]],
    ["a store fence", storeFence, ["tso", "pso"]],
    ["a fence", fence, []],
    ["a locked instruction", locked, []],
    ["a compare that fails", failingCompare, []],
  ] as const)("%s", (_name, between, models) => {
    const run = (memory: MemoryModel): readonly string[] =>
      outcomes(memory, storeThenLoad("x_", "y", between), storeThenLoad("y", "x_", between));
    expect(allow(run, "0 0")).toEqual(models);
  });
});

describe("a store passes a later store under PSO", () => {
  test.each([
    ["nothing between", nothing, ["pso"]],
    ["a store fence", storeFence, []],
    ["a fence", fence, []],
    ["a locked instruction", locked, []],
  ] as const)("%s", (_name, between, models) => {
    const writer: Body = function* (words, x) {
      yield* words.x_.store(1);
      yield* between(words, x);
      yield* words.y.store(1);
      return [];
    };
    expect(allow((memory) => outcomes(memory, writer, reader), " 10")).toEqual(models);
  });
});

describe("what a CPU sees of its own stores", () => {
  const twice: Body = function* ({ x_ }) {
    yield* x_.store(1);
    yield* x_.store(2);
    return [yield* x_.load()];
  };

  test.each(MEMORY_MODELS)("the newest, and they become visible in order: %s", (memory) => {
    expect(outcomes(memory, twice)).toEqual(["2 20"]);
  });

  test.each(MEMORY_MODELS)("somebody else's only when its own is visible: %s", (memory) => {
    const other: Body = function* ({ x_ }) {
      yield* x_.store(3);
      return [];
    };
    expect(outcomes(memory, twice, other)).toEqual(["2  20", "2  30", "3  30"]);
  });

  test.each(["tso", "pso"] as const)("a handler takes from the buffer of the thread it interrupts: %s", (memory) => {
    const seen = new Set<string>();
    let loaded: number[] = [];
    const program: Program = {
      memory,
      setup(x) {
        loaded = [];
        const words = new Words(x, "words");
        const cpu = x.processor();
        const line = x.line("handler", cpu, function* () {
          loaded.push(yield* words.x_.load());
          yield* words.x_.store(2);
        });
        x.setThread(cpu, x.thread("thread", cpu, function* () {
          yield* words.x_.store(1);
          x.raise(line);
          loaded.push(yield* words.x_.load());
          yield* words.lock.add(1);
          loaded.push(words.x_.peek());
        }));
      },
    };
    const strategy = new Exhaustive();
    explore({ program, strategy, seed: "1", runs: 10_000 }, ({ outcome }) => {
      expect(outcome).toBe("passed");
      seen.add(loaded.join(" "));
      return undefined;
    });
    expect(strategy.exhausted).toBe(true);
    // The handler before the load, between it and the locked instruction, or behind both.
    expect([...seen].sort()).toEqual(["1 1 1", "1 1 2", "1 2 2"]);
  });
});

describe("what is stored before publication", () => {
  class Made extends Struct {
    readonly size: Frozen<number> = frozen<number>(this, 0);
  }
  const program = (memory: MemoryModel, between: (x: Execution) => void): Program => ({
    memory,
    setup(x) {
      const words = new Words(x, "words");
      const made = new Made(x, "made");
      x.spawn("maker", function* () {
        yield* words.y.load();
        made.size.fixed = 8;
        between(x);
        yield* words.x_.store(1);
      }, { buffered: 2 });
      x.spawn("user", function* () {
        if ((yield* words.x_.load()) === 1 && made.size.fixed === 0) seen.add("not made");
      }, { buffered: 2 });
    },
    atEnd: checkStuck,
  });
  const seen = new Set<string>();

  test.each([
    ["sc", false, false],
    ["tso", false, false],
    ["pso", false, true],
    ["pso", true, false],
  ] as const)("under %s, with a store fence: %s, is seen unmade: %s", (memory, fenced, unmade) => {
    seen.clear();
    const strategy = new Exhaustive();
    const each = program(memory, (x) => {
      if (fenced) x.storeFence();
    });
    explore({ program: each, strategy, seed: "1", runs: 10_000 }, ({ outcome }) => {
      expect(outcome).toBe("passed");
      return undefined;
    });
    expect(strategy.exhausted).toBe(true);
    expect(seen.has("not made")).toBe(unmade);
  });
});

/** Threads of random loads, stores, fences and locked instructions on two words. */
const drawn = (draws: Draws): readonly Body[] =>
  Array.from({ length: 2 }, () => {
    const steps = Array.from({ length: 2 + draws.below(2) }, () => [draws.below(8), 1 + draws.below(2)] as const);
    return function* (words, x) {
      const loaded: number[] = [];
      for (const [kind, value] of steps) {
        const cell = kind % 2 === 0 ? words.x_ : words.y;
        if (kind < 3) loaded.push(yield* cell.load());
        else if (kind < 6) yield* cell.store(value);
        else if (kind === 6) x.storeFence();
        else yield* words.lock.add(1);
      }
      return loaded;
    };
  });

const SEED = "memory models";

describe(`random programs, seed "${SEED}"`, () => {
  test("what SC shows, TSO shows; what TSO shows, PSO shows", () => {
    const draws = new Draws(rng(SEED));
    let weaker = 0;
    for (let i = 0; i < 40; i++) {
      const bodies = drawn(draws);
      const [sc, tso, pso] = MEMORY_MODELS.map((memory) => outcomes(memory, ...bodies));
      expect(tso).toEqual(expect.arrayContaining([...(sc ?? [])]));
      expect(pso).toEqual(expect.arrayContaining([...(tso ?? [])]));
      if ((pso?.length ?? 0) > (sc?.length ?? 0)) weaker++;
    }
    expect(weaker).toBeGreaterThan(2);
  });

  test.each(["tso", "pso"] as const)("the choices of a run give the run again: %s", (memory) => {
    const draws = new Draws(rng(SEED));
    for (let i = 0; i < 40; i++) {
      const twice = new Twice(new RandomWalk());
      explore({ program: new Litmus(memory, drawn(draws)), strategy: twice, seed: SEED, runs: 10 }, () => undefined);
      expect(twice.divergence).toBe(null);
    }
  });
});
