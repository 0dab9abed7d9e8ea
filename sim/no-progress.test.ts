import { describe, expect, it } from "vitest";
import { Execution } from "./execution.ts";
import { explore, replay, runProgram, type Program } from "./explorer.ts";
import { Gate } from "./gate.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { Struct, atomic } from "./memory.ts";
import { ProgressWatch, type Standstill } from "./no-progress.ts";
import { Op } from "./operation.ts";
import type { Routine } from "./point.ts";
import { Recording, type Choices } from "./recording.ts";
import { strategyNamed } from "./strategies/index.ts";
import { Replay } from "./strategies/replay.ts";
import { RoundRobin } from "./strategies/round-robin.ts";
import type { Strategy } from "./strategy.ts";

class Shared extends Struct {
  readonly flag = atomic(this, 0);
  readonly wants = [atomic(this, 0), atomic(this, 0)] as const;
  readonly count = atomic(this, 0);
  readonly lock = new Gate(this.x, "lock");
}

type Body = (s: Shared, x: Execution) => Routine<void>;

const program = (bodies: Readonly<Record<string, Body>>): Program => ({
  setup(x) {
    const s = new Shared(x, "s");
    for (const [name, body] of Object.entries(bodies)) x.spawn(name, () => body(s, x));
  },
});

const LIMITS: Limits = { ...DEFAULT_LIMITS, stepsMax: 1000, noProgressMax: 200 };

/** What stands behind the bound that a run hits; null when it hits none. */
function why(subject: Program, choices: Choices, limits: Limits): Standstill | null {
  const strategy = new Replay(choices);
  strategy.begin();
  const x = new Execution(strategy, new Recording(), limits);
  const watch = (x.observer = new ProgressWatch(x));
  const { bound } = runProgram(x, subject);
  return bound === null ? null : watch.explain(bound);
}

/** Of the first run under a strategy. */
function standstill(bodies: Readonly<Record<string, Body>>, strategy: Strategy, limits = LIMITS): Standstill | null {
  const subject = program(bodies);
  const chosen: Choices[] = [];
  explore({ program: subject, strategy, seed: "s", runs: 1, limits }, (run) => {
    chosen.push(run.choices());
    return "stop";
  });
  return why(subject, chosen[0]!, limits);
}

/** Whoever runs goes on. */
const stubborn = (): Strategy => {
  const strategy = new Replay({ schedule: [], draws: [] });
  return { name: "stubborn", begin: () => (strategy.begin(), true), choose: (x, current) => strategy.choose(x, current), draw: () => 0 };
};
const inTurns = (): Strategy => new RoundRobin(1);

function* spin(s: Shared): Routine<void> {
  while ((yield* s.flag.load()) === 0);
}
function* set(s: Shared): Routine<void> {
  yield* s.flag.store(1);
}
/** Takes a step back when the other one wants to go first. */
const polite = (me: 0 | 1): Body =>
  function* (s) {
    for (;;) {
      yield* s.wants[me].store(1);
      if ((yield* s.wants[1 - me]!.load()) === 0) return;
      yield* s.wants[me].store(0);
    }
  };
function* lockAgainAndAgain(s: Shared): Routine<void> {
  for (;;) {
    yield* s.lock.acquire();
    yield* s.lock.release();
  }
}
function* lockOnce(s: Shared): Routine<void> {
  yield* s.lock.acquire();
  yield* s.lock.release();
}

describe("a standstill is", () => {
  it("a livelock when two give way to each other for ever", () => {
    const found = standstill({ left: polite(0), right: polite(1) }, inTurns());

    expect(found).toMatchObject({ kind: "livelock", contexts: ["left", "right"] });
    expect(found?.failure).toMatchObject({ kind: "Stuck", id: "livelock" });
    expect(found?.failure?.facts.map(([label]) => label)).toEqual(["the same state", "left", "right"]);
    expect(found?.failure?.sites).toHaveLength(2);
  });

  it("a livelock when somebody looks for ever at what nobody changes", () => {
    expect(standstill({ spinner: spin }, stubborn())).toMatchObject({ kind: "livelock", contexts: ["spinner"] });
    expect(standstill({ one: spin, other: spin }, inTurns())).toMatchObject({ kind: "livelock", contexts: ["one", "other"] });
  });

  it("the schedule's when somebody who can always run never does", () => {
    expect(standstill({ spinner: spin, setter: set }, stubborn())).toEqual({ kind: "unfair", contexts: ["setter"], failure: null });
  });

  it("starvation when somebody else always gets there first", () => {
    expect(standstill({ greedy: lockAgainAndAgain, hungry: lockOnce }, stubborn()))
      .toEqual({ kind: "starvation", contexts: ["hungry"], failure: null });
  });

  it("none of these while something changes that nobody has seen before", () => {
    const counting: Body = function* (s) {
      for (;;) yield* s.count.add(1);
    };

    expect(standstill({ counting }, stubborn())).toEqual({ kind: "unknown", contexts: [], failure: null });
  });

  it("none at all behind the bound on all steps, unless somebody waits all along", () => {
    const useful: Body = function* (s, x) {
      for (;;) {
        yield* s.flag.load();
        x.progress();
      }
    };
    const usefulWithLock: Body = function* (s, x) {
      for (;;) {
        yield* lockOnce(s);
        x.progress();
      }
    };

    expect(standstill({ useful }, stubborn())).toMatchObject({ kind: "going-on" });
    expect(standstill({ useful, other: useful }, inTurns())).toMatchObject({ kind: "going-on" });
    expect(standstill({ useful, other: useful }, stubborn())).toMatchObject({ kind: "unfair", contexts: ["other"] });
    expect(standstill({ usefulWithLock, hungry: lockOnce }, stubborn())).toMatchObject({ kind: "starvation", contexts: ["hungry"] });
  });
});

describe("nobody is accused falsely", () => {
  it("for turns that nobody sees, up to half the bound", () => {
    const turns = (count: number): Body =>
      function* (s, x) {
        for (let i = 0; i < count; i++) yield* s.flag.load();
        for (;;) yield* x.pause(Op.Yield);
      };

    expect(standstill({ long: turns(199) }, stubborn())).toMatchObject({ kind: "livelock" });
    // 90 turns with nothing to show, then others: neither fills half the bound of 200.
    const wandering: Body = function* (s, x) {
      yield* turns90(s.flag.load.bind(s.flag));
      yield* turns90(() => x.pause(Op.Yield));
      yield* turns90(s.count.load.bind(s.count));
    };
    expect(standstill({ wandering }, stubborn())).toMatchObject({ kind: "unknown" });
  });

  it("when steps are counted since there was progress", () => {
    const useful: Body = function* (s, x) {
      for (let i = 0; i < 4; i++) {
        for (let turn = 0; turn < 150; turn++) yield* s.flag.load();
        x.progress();
      }
    };

    expect(standstill({ useful }, stubborn())).toBeNull();
    // The end of a context is progress too.
    const short: Body = function* (s) {
      for (let turn = 0; turn < 150; turn++) yield* s.flag.load();
    };
    expect(standstill({ a: short, b: short, c: short }, stubborn())).toBeNull();
  });

  it.each(["random", "pct", "pos", "round-robin"])("where everybody would get through under a fair schedule (%s, 200 seeds)", (name) => {
    const subject = program({ spinner: spin, other: spin, setter: set });
    const kinds = new Map<string, number>();
    explore({ program: subject, strategy: strategyNamed(name), seed: "fair", runs: 200, limits: LIMITS }, (run) => {
      const kind = run.bound === null ? "ended" : why(subject, run.choices(), LIMITS)!.kind;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      return undefined;
    });

    expect([...kinds.keys()].filter((kind) => kind !== "ended" && kind !== "unfair")).toEqual([]);
    if (name === "pct") expect(kinds.get("unfair")).toBeGreaterThan(0);
    if (name === "random") expect([...kinds.keys()]).toEqual(["ended"]);
  });

  it("and the run that is watched is the run that was made", () => {
    const subject = program({ left: polite(0), right: polite(1) });
    explore({ program: subject, strategy: inTurns(), seed: "s", runs: 1, limits: LIMITS }, (run) => {
      const again = replay(subject, run.choices(), { limits: LIMITS });
      expect([again.bound, again.steps]).toEqual([run.bound, run.steps]);
      return "stop";
    });
  });
});

function* turns90(look: () => Iterable<undefined, unknown, void>): Routine<void> {
  for (let i = 0; i < 90; i++) yield* look();
}
