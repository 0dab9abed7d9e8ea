import { describe, expect, it } from "vitest";
import type { Results } from "../reports/index.ts";
import { runCampaign } from "./campaign.ts";
import { ownThread } from "./crew.ts";
import { engine } from "./engine.ts";
import type { Loaded } from "./load-engine.ts";
import { makePlan, type Plan } from "./plan.ts";
import { RowClasses, type RowAsText } from "./row-classes.ts";
import { jumbledCrew, type Jumble } from "./test-crew.ts";
import { testEngine } from "./test-engine.ts";
import { emptyFolder, run } from "./test-io.ts";
import type { Shard } from "./units.ts";

const small: Loaded = { engine: testEngine, variant: null, code: "test", module: null };
const kernel: Loaded = { engine, variant: null, code: "test", module: null };
const RISK = 0.02;

const planOf = ({ engine: set }: Loaded, scenarios: readonly string[], runs: number): Plan =>
  makePlan({ seed: 5, scenarios, strategy: null, runs, lengthOf: (name) => set.runLength(name) });

const SMALL = planOf(small, ["lost-update", "crossed-locks"], 5000);

/** Everything that is told of a campaign, and its classes as a shard hands them on. */
async function told(loaded: Loaded, plan: Plan, untilRisk: number | null, jumble: Jumble | null, shard: Shard | null = null) {
  const classes = new RowClasses(plan, untilRisk);
  const crew = jumble === null ? ownThread(loaded) : jumbledCrew(loaded, jumble);
  const { tallies, complete, lost } = await runCampaign(crew, plan, { classes, shard });
  const counts = tallies.map(({ name, runs, steps, switches, distinct }) => ({ name, runs, steps, switches, schedules: distinct.count }));
  return { classes, told: { counts, complete, lost, result: classes.result, taken: classes.taken } };
}

/** Shards of the plan, put together. */
async function merged(loaded: Loaded, plan: Plan, untilRisk: number | null, of: number) {
  const classes = new RowClasses(plan, untilRisk);
  for (let index = of; index > 0; index--) {
    const part = await told(loaded, plan, untilRisk, { lanes: 2, seed: String(index), dieEvery: 19 }, { index, of });
    classes.join(JSON.parse(JSON.stringify(part.classes.asText())) as RowAsText[]);
  }
  return { result: classes.result, taken: classes.taken };
}

describe("happens-before classes", () => {
  it("are counted alike by any crew and any shards", async () => {
    const plan = planOf(kernel, ["up-down"], 120);
    const expected = await told(kernel, plan, null, null);
    const jumbled = await told(kernel, plan, null, { lanes: 3, seed: "c", dieEvery: 11 });

    expect(jumbled.told).toEqual(expected.told);
    expect(await merged(kernel, plan, null, 3)).toEqual({ result: expected.told.result, taken: plan });
  });

  it("are fewer than schedules, and all of a small program's are found by every strategy", async () => {
    // Two threads load and store one word: the loads before both stores in either order of the stores, or one thread
    // first, or the other: 4 classes, of 6 schedules.
    const { told: { result } } = await told(small, planOf(small, ["lost-update"], 2000), null, null);

    expect(result.rows.map(({ strategy, classes }) => [strategy, classes])).toEqual([["random", 4], ["pct", 4], ["pos", 4], ["exhaustive", 4]]);
    expect(result.scenarios).toEqual([{ name: "lost-update", classes: 4 }]);
    expect(result.rows.map(({ risk }) => risk)).toEqual([0, 0, 0, null]);
  });
});

describe("rows that end at a risk", () => {
  it("end where they do, whoever runs them", async () => {
    const expected = await told(small, SMALL, RISK, null);
    const { result, taken, counts } = expected.told;

    for (const row of result.rows.filter(({ risk }) => risk !== null)) {
      expect(row.reached).toBe(true);
      expect(row.risk).toBeLessThanOrEqual(RISK);
      // Not before 3/0.02 runs, in units of 128.
      expect(row.runs).toBe(256);
    }
    expect(counts.map(({ name, runs }) => [name, runs])).toEqual(SMALL.rows
      .filter(({ strategy }) => strategy === "random")
      .map(({ scenario }) => [scenario, result.rows.reduce((sum, row) => sum + (row.scenario === scenario ? row.runs : 0), 0)]));
    for (const [lanes, dieEvery] of [[2, 0], [4, 37]] as const) {
      const other = await told(small, SMALL, RISK, { lanes, seed: `l${String(lanes)}`, dieEvery });
      expect(other.told).toEqual(expected.told);
    }
    for (const of of [2, 5]) expect(await merged(small, SMALL, RISK, of)).toEqual({ result, taken });
  });

  it("are the plan that makes the same runs again", async () => {
    const { told: { result, taken, counts } } = await told(small, SMALL, RISK, null);
    const again = await told(small, taken, null, null);

    expect(again.told.counts).toEqual(counts);
    expect(again.told.result.rows).toEqual(result.rows.map((row) => ({ ...row, reached: false })));
  });
});

describe("check --until-risk", () => {
  const ARGS = ["check", "--seed", "3", "--scenario", "locked-update", "--runs", "3000", "--until-risk", "0.05", "--no-regressions"];

  it("prints the rows it took as commands, which come to the same", async () => {
    const { stdout } = await run(ARGS);
    const json = await run([...ARGS, "--json"]);
    const { classes, plan } = JSON.parse(json.stdout) as Results;
    const commands = stdout.split("\n").filter((line) => line.startsWith("  npx interlock check"));

    expect(stdout).toContain("3 of 3 rows came to a chance of 5.00 % or less");
    expect(plan.map(({ runs }) => runs).slice(0, 3)).toEqual([128, 128, 128]);
    expect(commands).toHaveLength(3);
    const one = await run([...commands[0]!.trim().split(" ").slice(2), "--json", "--no-regressions"]);
    expect((JSON.parse(one.stdout) as Results).classes!.rows).toEqual([{ ...classes!.rows[0]!, reached: false }]);
  });

  it("is the same in shards that are merged", async () => {
    const cwd = emptyFolder();
    const folders = ["a", "b", "c"];
    for (const [i, folder] of folders.entries()) await run([...ARGS, "--shard", `${String(i + 1)}/3`, "--out", folder], { cwd });
    const whole = await run([...ARGS, "--json"]);
    const parts = await run(["merge", ...folders, "--json", "--no-regressions"], { cwd });

    const untimed = (text: string): object => ({ ...(JSON.parse(text) as Results), timing: null });
    expect(untimed(parts.stdout)).toEqual(untimed(whole.stdout));
  });

  it.each(["0", "1", "-0.1", "0.0", "x", "1e-3", "0.01%"])("refuses %s", async (text) => {
    const { stderr, exit } = await run(["check", `--until-risk=${text}`]);

    expect([stderr, exit]).toEqual([`interlock: --until-risk must be a chance between 0 and 1, such as 0.01, not '${text}'\n`, 2]);
  });

  it("counts no classes unless it is asked to", async () => {
    const { stdout } = await run(["check", "--seed", "3", "--scenario", "locked-update", "--runs", "30", "--json", "--no-regressions"]);

    expect((JSON.parse(stdout) as Results).classes).toBeNull();
  });
});
