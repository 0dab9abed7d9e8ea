import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { ENGINE_MODULE, buildFolder } from "./build-folder.ts";
import { runCampaign, type LostRun } from "./campaign.ts";
import { crewFor, ownThread } from "./crew.ts";
import { engine } from "./engine.ts";
import { failuresOf } from "./fold.ts";
import type { Loaded } from "./load-engine.ts";
import { makePlan } from "./plan.ts";
import { partScenario } from "./part.ts";

const PLAN = makePlan({
  seed: 1,
  scenarios: ["one-sender", "watchdog-detach"],
  strategy: null,
  runs: 150,
  lengthOf: (name) => engine.runLength(name),
});
const OPTIONS = { jobs: 2, patienceMs: 5_000, memoryMiB: 192 };
/** A seed in the middle of the plan. */
const BAD = "40";

/** The stock engine set, but for what the run of one seed does to its thread. */
async function engineThat(does: string): Promise<Loaded> {
  const module = join(mkdtempSync(join(tmpdir(), "interlock-")), "engine.mjs");
  writeFileSync(module, `
    import { engine as stock } from ${JSON.stringify(pathToFileURL(join(await buildFolder(), ENGINE_MODULE)).href)};
    let runs = 0;
    export const engine = { ...stock, open: (...given) => {
      const job = stock.open(...given);
      return { ...job, run(seed) { runs++; ${does}; return job.run(seed); } };
    } };
  `);
  return { engine, variant: null, code: "test", module };
}

async function campaign(loaded: Loaded) {
  const heard: (readonly [seed: number, how: LostRun["how"], again: boolean])[] = [];
  const crew = loaded.module === null ? ownThread(loaded) : await crewFor(loaded, OPTIONS);
  const { tallies, complete, lost } = await runCampaign(crew, PLAN, {
    onLost: (run, _why, again) => heard.push([run.seed, run.how, again]),
  });
  await crew.close();
  const failures = tallies.map(failuresOf).flat().map((seen) => ({ ...seen, what: null }));
  return { runs: tallies.map(({ runs }) => runs), hashes: tallies.map((tally) => partScenario(tally).hashes), failures, complete, lost, heard };
}

describe("worker threads", () => {
  it("come to what one thread comes to, also when each dies in every 50th of its runs", async () => {
    const expected = await campaign({ engine, variant: null, code: "test", module: null });

    const well = await campaign(await engineThat(""));
    const dying = await campaign(await engineThat("if (runs === 50) process.exit(1)"));

    expect(well).toEqual(expected);
    expect(dying.heard.length).toBeGreaterThan(0);
    expect({ ...dying, heard: [] }).toEqual(expected);
  });

  it.each([
    ["dies", "process.exit(7)", "died", 3],
    ["runs out of memory", "for (const all = []; ;) all.push(new Array(1e5).fill(runs))", "out-of-memory", 3],
    ["loops for ever", "for (;;);", "silent", 2],
  ] as const)("lose a run that %s, and no other", async (_what, does, how, attempts) => {
    const expected = await campaign({ engine, variant: null, code: "test", module: null });

    const { runs, lost, complete, heard } = await campaign(await engineThat(`if (seed === "${BAD}") ${does}`));

    expect(heard).toEqual(Array.from({ length: attempts }, (_, i) => [Number(BAD), how, i < attempts - 1]));
    expect(lost.map(({ seed }) => seed)).toEqual([Number(BAD)]);
    expect(complete).toBe(true);
    expect(runs.reduce((a, b) => a + b)).toBe(expected.runs.reduce((a, b) => a + b) - 1);
  });
});
