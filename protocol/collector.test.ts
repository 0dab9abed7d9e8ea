import { describe, expect, it } from "vitest";
import { DEFAULT_LIMITS, Execution, RandomWalk, Recording, type Cell, cellName } from "../sim/index.ts";
import { configFor } from "../properties/index.ts";
import { SCENARIOS, startWorld, type Config, type World } from "../scenarios/index.ts";
import { Collector } from "./collector.ts";
import { NO_COVERAGE, mergeCoverage, type ProtocolCoverage } from "./coverage.ts";
import { listenToKernel } from "./listen.ts";

const smallest = (name: string, _seed: number): Config => {
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  return scenario.smallest;
};

const recording = new Recording();

/** As large as checks draw them. */
const drawn = (name: string, seed: number): Config =>
  configFor(SCENARIOS.find((each) => each.name === name)!, String(seed));

/** A random walk; `ready` sees the world when it has booted. */
function walk(
  name: string,
  seed: number,
  ready: (x: Execution, world: World) => void,
  config: (name: string, seed: number) => Config = smallest,
): World {
  const strategy = new RandomWalk();
  strategy.begin(String(seed));
  const x = new Execution(strategy, recording, DEFAULT_LIMITS);
  let world: World | null = null;
  x.run(() => {
    world = startWorld(x, config(name, seed));
    ready(x, world);
  });
  return world as unknown as World; // the setup has run
}

function collect(collector: Collector, name: string, seeds: readonly number[], config = smallest): void {
  for (const seed of seeds) {
    walk(name, seed, (x, world) => collector.begin(x, world), config);
    collector.finish();
  }
}

const seedsTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);

describe("marks", () => {
  it.each(["staged-rollup", "serializer-contention", "ring-full", "owner-migration", "running-flag"])(
    "of the interlock tell what happens to ifsq_started, in %s (25 walks)",
    (name) => {
      const seen = { marked: [0, 0], stored: [0, 0], values: 0 };
      for (const seed of seedsTo(25)) {
        walk(name, seed, (x, { k }) => {
          k.onBranch = (branch) => {
            if (branch.startsWith("interlock taken: ")) seen.marked[0]!++;
            if (branch.startsWith("interlock released: ") && !branch.endsWith("nobody holds it")) seen.marked[1]!++;
          };
          const value = (cell: Cell<unknown>, before: unknown, after: unknown): void => {
            seen.values++;
            if (cellName(cell).endsWith(" ifsq_started") && before !== after) seen.stored[after === 1 ? 0 : 1]!++;
          };
          const nothing = (): void => undefined;
          x.observer = { announced: nothing, switched: nothing, value, note: nothing };
        });
      }

      expect(seen.stored[0]).toBeGreaterThan(0);
      expect(seen.marked).toEqual(seen.stored);
    },
  );

  it("of errnos tell what the workload was told (queue-overflow, 40 walks)", () => {
    let refused = 0;
    for (const seed of seedsTo(40)) {
      const told: number[] = [];
      const { sent } = walk("queue-overflow", seed, (_x, { k }) => {
        k.onErrno = (routine, error) => {
          if (routine === "ifq_dispatch") told.push(error);
        };
      });
      expect(told.toSorted()).toEqual(sent.map(({ error }) => error).toSorted());
      refused += told.filter((error) => error !== 0).length;
    }

    expect(refused).toBeGreaterThan(0);
  });
});

describe("a collector", () => {
  it("counts runs, whoever does what in them how often", () => {
    const collector = new Collector(listenToKernel);
    collect(collector, "serializer-contention", seedsTo(20));
    const { runs, branches, operations } = collector.take();

    expect(runs).toBe(20);
    for (const by of Object.values(branches)) for (const count of Object.values(by)) expect(count).toBeLessThanOrEqual(20);
    expect(operations["subq ifsq_lock"]?.["netisr enter"]).toBe(20);
    expect(branches["enqueue: normal lane"]).toBeDefined();
  });

  it("takes in pieces what it takes at once", () => {
    const [whole, pieces] = [new Collector(listenToKernel), new Collector(listenToKernel)];
    collect(whole, "staged-rollup", seedsTo(12));
    let sum: ProtocolCoverage = NO_COVERAGE;
    for (const seeds of [[0], [1, 2, 3, 4, 5], [], [6, 7, 8, 9, 10, 11]]) {
      collect(pieces, "staged-rollup", seeds);
      sum = mergeCoverage(sum, { s: pieces.take() });
    }

    expect(sum).toEqual({ s: whole.take() });
    expect(pieces.take().runs).toBe(0);
  });

  it("does not see the boot", () => {
    const collector = new Collector(listenToKernel);
    collect(collector, "sleep-wakeup", seedsTo(5));
    const { branches, operations, errnos } = collector.take();

    expect(errnos).toEqual({});
    expect(Object.keys(branches).filter((name) => name.startsWith("index table"))).toEqual([]);
    expect(Object.keys(operations).filter((name) => name.includes("ifsq"))).toEqual([]);
  });
});

describe("a recording tells of primitives", () => {
  const branchesOf = (name: string, walks: number): Readonly<Record<string, unknown>> => {
    const collector = new Collector(listenToKernel);
    collect(collector, name, seedsTo(walks), drawn);
    return collector.take().branches;
  };

  it("how a serializer is entered, and left", () => {
    const branches = branchesOf("serializer-contention", 60);

    for (const how of ["entered at once", "entered after a sleep", "a try gives up", "exit wakes who waits"]) {
      expect(Object.keys(branches)).toContain(`serializer: ${how}`);
    }
    // A try that gives up is what makes ifsq_ifstart_try schedule instead.
    expect(branches["serializer: a try gives up"]).toEqual(branches["schedule: hardware serializer held"]);
  });

  it("whether who goes to sleep sleeps", () => {
    const branches = branchesOf("sleep-wakeup", 60);

    expect(branches).toHaveProperty(["sleep: goes to sleep"]);
    expect(branches).toHaveProperty(["sleep: forestalled by a wakeup"]);
    expect(branches).toHaveProperty(["wakeup: sends IPIs"]);
  });
});
