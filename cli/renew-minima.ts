/**
 * `npm run minima [part ...]`: makes the table of minima anew, or only the lines whose name has one of these parts. Each line
 * is written as soon as it is known; takes many minutes. Where what shrinks from the recorded run needs more preemptions than the
 * depth has room for, other runs that show the same are tried: one mutant may fail in several ways.
 */
import { existsSync, writeFileSync } from "node:fs";
import type { Finding } from "./findings.ts";
import { FINDINGS } from "./test-fixes.ts";
import { MINIMA_FILE, boundOf, minimumOfFinding, minimumOfMutant, otherRuns, readMinima, type Minimum } from "./test-minima.ts";
import { BREAKING, IN_FULL, KILLED, huntMutant, killIn, killRecorded, type Mutant } from "./test-mutants.ts";

/** Seeds behind the recorded one, and kills among them that are shrunk. */
const SEEDS = 2_000;
const KILLS = 10;
/** Other runs of a finding's scenario. */
const RUNS = 8_000;

const parts = process.argv.slice(2);
const asked = (name: string): boolean => parts.length === 0 || parts.some((part) => name.includes(part));
const lines = new Map<string, Minimum>(existsSync(MINIMA_FILE) ? readMinima().map((line) => [line.name, line]) : []);
const known = new Set([...BREAKING.map(({ variant }) => variant.name), ...FINDINGS.map(({ name }) => `findings/${name}`)]);
for (const name of lines.keys()) if (!known.has(name)) lines.delete(name);

async function renew(name: string, make: () => Promise<Minimum | null>): Promise<void> {
  if (!asked(name)) return;
  const began = process.cpuUsage();
  const line = await make();
  const { user } = process.cpuUsage(began);
  if (line === null) {
    lines.delete(name);
    console.log(`${name}: nothing shows it`);
  } else {
    lines.set(name, line);
    const { found, shrunk } = line;
    const over = shrunk.preemptions > boundOf(name) ? "MORE THAN ITS DEPTH HAS ROOM FOR, " : "";
    console.log(`${name}: ${over}preemptions ${String(found.preemptions)} to ${String(shrunk.preemptions)}, threads ${String(found.actors)} to ${String(shrunk.actors)}, ${(user / 1e6).toFixed(1)} s`);
  }
  const sorted = [...lines.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  writeFileSync(MINIMA_FILE, `${sorted.map((each) => JSON.stringify(each)).join("\n")}\n`);
}

async function ofMutant(mutant: Mutant): Promise<Minimum | null> {
  const { name } = mutant.variant;
  const place = KILLED[mutant.name];
  const recorded = await killRecorded(mutant) ?? await huntMutant(mutant, { ...IN_FULL, alone: true });
  if (place === undefined || recorded === null) return null;
  let best = await minimumOfMutant(mutant, recorded);
  for (let i = 1, kills = 0; i < SEEDS && kills < KILLS && best.shrunk.preemptions > boundOf(name); i++) {
    const kill = await killIn(mutant, { ...place, seed: place.seed + i });
    if (kill === null) continue;
    kills++;
    const other = await minimumOfMutant(mutant, kill);
    if (other.shrunk.preemptions < best.shrunk.preemptions) best = other;
  }
  return best;
}

async function ofFinding(finding: Finding): Promise<Minimum | null> {
  const bound = boundOf(`findings/${finding.name}`);
  let best = await minimumOfFinding(finding);
  if (best === null || best.shrunk.preemptions <= bound) return best;
  let shown = 0;
  for await (const what of otherRuns(finding, bound, RUNS)) {
    const other = await minimumOfFinding(finding, what);
    if (other !== null && other.shrunk.preemptions < best.shrunk.preemptions) best = other;
    if (++shown === KILLS || best.shrunk.preemptions <= bound) break;
  }
  return best;
}

for (const finding of FINDINGS) await renew(`findings/${finding.name}`, () => ofFinding(finding));
for (const mutant of BREAKING) await renew(mutant.variant.name, () => ofMutant(mutant));
