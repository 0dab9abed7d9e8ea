import { describe, expect, it } from "vitest";
import { Gate, Replay, Struct, explore, fail, guardedBy, replay, strategyNamed, word, type Choices, type Execution, type Program, type Routine } from "../sim/index.ts";
import { EventWatcher } from "./event-watcher.ts";
import type { RunEvents } from "./run-events.ts";

class Counter extends Struct {
  readonly hits = word<number>(this, 0);
  readonly lock: Gate;
  readonly held;

  constructor(x: Execution) {
    super(x, "counter");
    this.lock = new Gate(x, "lock");
    this.held = guardedBy(this, this.lock, 0);
  }
}

function* hit(counter: Counter): Routine<void> {
  yield* counter.lock.acquire();
  counter.held.held += 1;
  yield* counter.lock.release();
  const seen = yield* counter.hits.load();
  yield* counter.hits.store(seen + 1);
}

let counter: Counter | null = null;
const program: Program = {
  setup(x) {
    const shared = (counter = new Counter(x));
    for (const name of ["a", "b"]) {
      const cpu = x.processor();
      x.setThread(cpu, x.thread(name, cpu, () => hit(shared)));
    }
  },
  atEnd() {
    if (counter?.hits.peek() !== 2) fail("Violation", "lost-update", "Every hit is counted.");
  },
};

/** The choices of the first run that fails. */
function failing(): Choices {
  let found: Choices | null = null;
  explore({ program, strategy: strategyNamed("random"), seed: "1", runs: 50 }, (run) => {
    if (run.failure === null) return undefined;
    found = run.choices();
    return "stop";
  });
  return found!;
}

function watched(choices: Choices): { readonly events: RunEvents; readonly steps: number } {
  let watcher: EventWatcher | null = null;
  const run = replay({
    setup(x) {
      watcher = new EventWatcher(x, { stack: () => ["hit"], place: () => ({ model: { file: "model/hit.ts", line: 1 }, seed: null }) });
      x.observer = watcher;
      program.setup(x);
    },
    atEnd: (x) => program.atEnd?.(x),
  }, choices);
  return { events: watcher!.finish(run), steps: run.steps };
}

describe("the events of a run", () => {
  it("are in the order of effects, with what each context wrote behind them", () => {
    const { events } = watched({ schedule: [], draws: [] });
    const told = events.events.map(({ context, text, changes }) =>
      [events.contexts[context]?.name, text, ...changes.map(({ field, before, after }) => `${field}: ${before} to ${after}`)]);

    expect(told).toEqual([
      ["a", "enter lock", "counter held: 0 to 1"],
      ["a", "exit lock"],
      ["a", "load counter hits: 0"],
      ["a", "store counter hits", "counter hits: 0 to 1"],
      ["a", "exit context cpu 0"],
      ["b", "enter lock", "counter held: 1 to 2"],
      ["b", "exit lock"],
      ["b", "load counter hits: 1"],
      ["b", "store counter hits", "counter hits: 1 to 2"],
      ["b", "exit context cpu 1"],
    ]);
    expect(events.events.find(({ switched }) => switched !== null)?.switched).toEqual({ from: 1, why: "ends", preempted: false });
    expect(events.evidence).toEqual([]);
  });

  it("of a run that failed say where control was taken from whom, and what a load came to when it took effect", () => {
    const { events, steps } = watched(failing());
    const loads = events.events.filter(({ verb }) => verb === "load");
    const preemptions = events.events.filter(({ switched }) => switched?.preempted === true);

    expect(loads.map(({ text }) => text)).toEqual(["load counter hits: 0", "load counter hits: 0"]);
    expect(preemptions.length).toBeGreaterThan(0);
    expect(preemptions[0]?.switched?.why).toMatch(/^preempted at (?:enter|exit|load|store|exit context) /);
    expect(events.events.at(-1)?.step).toBe(steps);
    expect(events.evidence).toEqual([events.events.length - 1]);
    expect(new Set(events.events.map(({ at }) => at)).size).toBe(events.events.length);
  });

  it("are the same when the run is watched again", () => {
    const choices = failing();

    expect(watched(choices)).toEqual(watched(choices));
    expect(new Replay(choices).departure).not.toBeNull();
  });

  it("know where in the sources they are, and which routines ran", () => {
    const { events } = watched({ schedule: [], draws: [] });
    const [first] = events.events;

    expect(events.stacks[first?.stack ?? 0]).toEqual(["hit"]);
    expect(events.places[first?.place ?? 0]?.model).toEqual({ file: "model/hit.ts", line: 1 });
  });
});
