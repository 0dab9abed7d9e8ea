import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runCampaign, type CampaignOptions, type LostRun } from "./campaign.ts";
import { ownThread } from "./crew.ts";
import { engine } from "./engine.ts";
import { failuresOf, type Tally } from "./fold.ts";
import type { Loaded } from "./load-engine.ts";
import { mergedTally, partScenario, type PartScenario } from "./part.ts";
import { makePlan, type Plan } from "./plan.ts";
import { parseStrategy } from "./strategies.ts";
import { jumbledCrew, type Jumble } from "./test-crew.ts";
import { testEngine } from "./test-engine.ts";
import { runAt, unitsOf } from "./units.ts";

const small: Loaded = { engine: testEngine, variant: null, code: "test", module: null };
const kernel: Loaded = { engine, variant: null, code: "test", module: null };

const planOf = ({ engine: set }: Loaded, scenarios: readonly string[], runs: number, seed = 5): Plan =>
  makePlan({ seed, scenarios, strategy: null, runs, lengthOf: (name) => set.runLength(name) });

const SMALL = planOf(small, ["lost-update", "locked-update", "crossed-locks", "endless-loop"], 200);
/** Scenarios with races in most runs, and with a search whose runs follow from one another. */
const KERNEL = planOf(kernel, ["watchdog-detach", "up-down"], 160);

/** Everything that the verdicts depend on. */
async function told(loaded: Loaded, plan: Plan, jumble: Jumble | null, options: Partial<CampaignOptions> = {}) {
  const crew = jumble === null ? ownThread(loaded) : jumbledCrew(loaded, jumble);
  const { tallies, complete, fault, lost } = await runCampaign(crew, plan, options);
  return { tallies, counts: tallies.map(countsOf), failures: tallies.map(failuresOf), complete, fault, lost };
}

/** Which runs were looked at out of turn depends on who ran them; it counts for nothing. */
function countsOf(tally: Tally) {
  return { ...partScenario(tally), looks: null, failures: null };
}

/** Without the sums it was made of. */
async function outcome(...args: Parameters<typeof told>) {
  return { ...await told(...args), tallies: null };
}

describe("a campaign comes to the same", () => {
  it.each([["programs", small, SMALL], ["kernel scenarios", kernel, KERNEL]] as const)(
    "however many workers run it, in whatever order, and whenever they die (%s)",
    async (_name, loaded, plan) => {
      const expected = await outcome(loaded, plan, null);
      const jumbles = fc.record({
        lanes: fc.integer({ min: 1, max: 4 }),
        seed: fc.string(),
        dieEvery: fc.constantFrom(0, 5, 23, 50),
      });

      await fc.assert(fc.asyncProperty(jumbles, async (jumble) => {
        expect(await outcome(loaded, plan, jumble)).toEqual(expected);
      }), { seed: 3, numRuns: loaded === small ? 10 : 3 });
    },
  );

  // Strategies that make runs of their own before the first, and those whose runs follow from one another.
  it.each(["urw", "surw", "fair(pos)", "mutate", "portfolio(random,pct,urw,mutate)", "twice(pct)", "delays(2)", "rounds(1)"])(
    "however many workers run %s, and whenever they die",
    async (strategy) => {
      const plan = makePlan({ seed: 5, scenarios: ["lost-update", "crossed-locks"], strategy: parseStrategy(strategy), runs: 300, lengthOf: () => 9 });
      const expected = await outcome(small, plan, null);

      expect(expected).toMatchObject({ complete: true, fault: null });
      for (const [lanes, dieEvery] of [[1, 5], [2, 23], [4, 0]] as const) {
        expect(await outcome(small, plan, { lanes, seed: strategy, dieEvery })).toEqual(expected);
      }
    },
  );

  it("stopped at the first failure of its kind", async () => {
    const endsAt = (fingerprint: string): boolean => fingerprint === last;
    const all = await outcome(kernel, KERNEL, null);
    const { fingerprint: last, first } = all.failures.flat().toSorted((a, b) => a.first - b.first).at(-2)!;

    const one = await outcome(kernel, KERNEL, null, { endsAt });
    const many = await outcome(kernel, KERNEL, { lanes: 3, seed: "x", dieEvery: 17 }, { endsAt });

    expect(one.complete).toBe(false);
    expect(one.failures.flat().find(({ fingerprint }) => fingerprint === last)).toMatchObject({ first, runs: 1 });
    expect(one.counts.reduce((sum, { runs }) => sum + runs, 0)).toBeLessThan(160);
    expect(many).toEqual(one);
  });
});

describe("the shards of a plan", () => {
  it("are as good as the plan (2, 3 and 7 shards)", async () => {
    const whole = await told(kernel, KERNEL, null);
    for (const of of [2, 3, 7]) {
      const parts = await Promise.all(Array.from({ length: of }, (_, i) =>
        told(kernel, KERNEL, { lanes: 2, seed: String(i), dieEvery: 31 }, { shard: { index: i + 1, of } })));

      // Through text and back, as files go.
      const read = JSON.parse(JSON.stringify(parts.map(({ tallies }) => tallies.map(partScenario)))) as PartScenario[][];
      const tallies = await Promise.all(whole.tallies.map(({ name }, i) =>
        mergedTally(name, read.map((scenarios) => scenarios[i]!))));

      const shown = (tally: Tally) => failuresOf(tally).map((seen) => ({ ...seen, what: null }));
      expect(tallies.map(shown)).toEqual(whole.tallies.map(shown));
      expect(tallies.map(countsOf)).toEqual(whole.counts);
    }
  });

  it("have every run once", () => {
    for (const of of [1, 2, 3, 5, 64]) {
      const runs = Array.from({ length: of }, (_, i) => unitsOf(SMALL, { index: i + 1, of })).flat()
        .flatMap((unit) => Array.from({ length: unit.count }, (_, position) => runAt(unit, position)));

      expect(runs.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i));
    }
  });

  it("take every n-th run of what does not hang together", () => {
    const { rows } = SMALL;
    const runs = unitsOf(SMALL, { index: 2, of: 3 })
      .filter((unit) => rows[unit.row]!.strategy !== "exhaustive")
      .flatMap((unit) => Array.from({ length: unit.count }, (_, position) => runAt(unit, position)));

    expect(runs.every((at) => at % 3 === 1)).toBe(true);
  });
});

describe("a run that no worker survives", () => {
  const deadly = 9;

  it("is told after three attempts, left out, and costs no other run", async () => {
    const heard: (readonly [LostRun["at"], boolean])[] = [];
    const onLost = (lost: LostRun, _why: string, again: boolean): void => {
      heard.push([lost.at, again]);
    };

    const { lost, counts, complete } = await told(small, SMALL, { lanes: 2, seed: "y", dieEvery: 0, deadly: [deadly] }, { onLost });

    expect(heard).toEqual([[deadly, true], [deadly, true], [deadly, false]]);
    expect(lost.map(({ at, seed, how }) => [at, seed, how])).toEqual([[deadly, SMALL.seed + deadly, "died"]]);
    expect(complete).toBe(true);
    const expected = await told(small, SMALL, null);
    expect(counts.map(({ runs }) => runs)).toEqual(expected.counts.map(({ runs }, i) => (i === 0 ? runs - 1 : runs)));
  });
});
