/** `npm run golden`: makes the golden runs anew and says what has changed. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { readGolden, record, recordToken, writeGolden, type GoldenEntry } from "../../golden/index.ts";
import { SCENARIOS } from "../../scenarios/index.ts";
import { findRoot } from "../../scripts/stamp.mjs";
import { loadFindings } from "../findings.ts";
import { findVariant } from "../variants.ts";
import { moduleBundle } from "./bundle.ts";
import { goldenPath } from "./golden-runs.ts";
import { GOLDEN_MUTANTS, MUTANT_RUNS, goldenRuns, type GoldenMutant } from "./plan.ts";

type Golden = typeof import("../../golden/index.ts");

const root = findRoot();
const path = goldenPath(root);

/** The run that kills a mutant, made and recorded by the mutant itself. */
async function ofMutant({ name, scenario, strategy }: GoldenMutant): Promise<GoldenEntry> {
  const variant = `mutants/${name}`;
  const outdir = join(root, "build", `golden.tmp-${String(process.pid)}`, name);
  const golden = await import(pathToFileURL(await moduleBundle(root, variant, outdir)).href) as Golden;
  const what = { scenario, variant, strategy, firstSeed: 0, runs: MUTANT_RUNS };
  const dies = findVariant(root, variant).header.property;
  const entry = golden.recordFailure(what, dies);
  if (entry === null) throw new Error(`${variant}: no run of ${String(MUTANT_RUNS)} in ${scenario} fails with ${dies}`);
  return entry;
}

async function all(): Promise<readonly GoldenEntry[]> {
  const entries = SCENARIOS.flatMap(({ name }) => goldenRuns(name)).map(record);
  for (const { token } of loadFindings(join(root, "findings"))) entries.push(recordToken(token, null));
  try {
    for (const mutant of GOLDEN_MUTANTS) entries.push(await ofMutant(mutant));
  } finally {
    rmSync(join(root, "build", `golden.tmp-${String(process.pid)}`), { recursive: true, force: true });
  }
  return entries;
}

const nameOf = ({ scenario, variant, strategy, token }: GoldenEntry): string =>
  [scenario, variant ?? "", strategy ?? `token ${token ?? ""}`].join(" ");

/** Runs of before, by what was asked for. */
const before = new Map(
  (existsSync(path) ? readGolden(readFileSync(path, "utf8")) : []).map((entry) => [nameOf(entry), entry.all]),
);
const entries = await all();
const changed = entries.filter((entry) => before.has(nameOf(entry)) && before.get(nameOf(entry)) !== entry.all);
const added = entries.filter((entry) => !before.has(nameOf(entry)));
writeFileSync(path, writeGolden(entries));
for (const entry of changed) console.log(`changed: ${nameOf(entry).slice(0, 100)}`);
console.log(`${String(entries.length)} golden entries: ${String(added.length)} new, ${String(changed.length)} changed`);
