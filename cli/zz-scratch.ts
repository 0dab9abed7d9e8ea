import { findRoot } from "../scripts/stamp.mjs";
import { engine as original } from "./engine.ts";
import { hunt, runsToReach } from "./test-hunt.ts";
import { listVariants, loadVariant } from "./variants.ts";
const root = findRoot();
const [pattern = "", seedText = "1", runsText = "10000", arm = "own"] = process.argv.slice(2);
for (const v of listVariants(root)) {
  if (!v.name.includes(pattern) || !v.name.startsWith("mutants/")) continue;
  const { property } = v.header;
  const t0 = performance.now();
  const { engine: mutant } = await loadVariant(root, v.name);
  const t1 = performance.now();
  const known = original.properties.find((p) => p.name === property);
  const request = { property, seed: Number(seedText), runs: runsText === "default" ? null : Number(runsText), armed: known === undefined || arm === "all" ? null : property, scenarios: known?.kind === "sometimes" ? known.scenarios : [] };
  let said: string;
  try {
    if (known?.kind === "sometimes") {
      said = `reached original after ${String(runsToReach(original, request))}, mutant ${String(runsToReach(mutant, request))}`;
    } else {
      const kill = hunt({ ...request, mutant, original });
      said = kill === null ? "SURVIVES" : `${String(kill.runs)} runs (${kill.row.scenario}, ${kill.row.strategy}, ${String(kill.run.steps)} steps, ${String(kill.run.switches)} sw)`;
    }
  } catch (e) { said = `ERROR ${String(e)}`; }
  console.log(v.name.slice(8).padEnd(34), property.padEnd(28), said, `build ${(t1 - t0).toFixed(0)} hunt ${(performance.now() - t1).toFixed(0)} ms`);
}
