/** The mutants of `variants/mutants`, for the tests that kill them. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findRoot } from "../scripts/stamp.mjs";
import type { Property } from "../properties/index.ts";
import { loadVariant } from "./bundled-engine.ts";
import { engine as original } from "./engine.ts";
import type { EngineSet } from "./engine-set.ts";
import { examineCase, examineFailure } from "./examine.ts";
import { hunt, killAt, runsToReach, type Kill, type Place, type Quarry } from "./test-hunt.ts";
import { readToken, writeToken } from "./tokens.ts";
import { listVariants, type Variant } from "./variants.ts";

/** The machine's own detectors that a mutant of ours must set off; the kernel's assertions come on top. */
export const DETECTORS = [
  "use-after-free",
  "uninitialised-read",
  "bad-free",
  "mbuf-owner",
  "guard",
  "per-cpu",
  "cpu-threads",
  "frozen",
  "deadlock",
  "lost-wakeup",
  "blocks-in-spin-mode",
] as const;

/** Where and how much is looked for a mutant; `all`: with every property armed, as `check` does. */
export interface Effort {
  readonly seed: number;
  readonly runs: number | null;
  readonly armed: "own" | "all";
  readonly alone?: boolean;
}

/** All of the plan that a mutant is killed in. */
export const IN_FULL = { seed: 1, runs: 10_000, armed: "own" } as const satisfies Effort;

/** A mutant and the entry of the catalogue its header names; null: a detector, or an assertion of the kernel. */
export interface Mutant {
  readonly variant: Variant;
  readonly name: string;
  readonly dies: string;
  readonly property: Property | null;
}

const propertyOf = (name: string): Property | null =>
  original.properties.find((property) => property.name === name) ?? null;

/** All of them. */
export const MUTANTS: readonly Mutant[] = listVariants(findRoot())
  .filter(({ name }) => name.startsWith("mutants/"))
  .map((variant) => ({
    variant,
    name: variant.name.slice("mutants/".length),
    dies: variant.header.property,
    property: propertyOf(variant.header.property),
  }));

/** Killed by a run that breaks a promise or sets off a detector. */
export const BREAKING = MUTANTS.filter(({ property, variant }) => property?.kind !== "sometimes" && variant.header.memory === "");
/** Killed by not reaching what must be reached. */
export const HIDING = MUTANTS.filter(({ property }) => property?.kind === "sometimes");

const engineOf = async ({ variant }: Mutant): Promise<EngineSet> =>
  (await loadVariant(findRoot(), variant.name)).engine;

function quarry({ property, dies }: Mutant, { armed, ...effort }: Effort): Quarry {
  const scenarios = property?.kind === "sometimes" ? property.scenarios : [];
  return { ...effort, property: dies, armed: armed === "all" ? null : (property?.name ?? null), scenarios };
}

/** Hunts a mutant of {@link BREAKING}. */
export async function huntMutant(mutant: Mutant, effort: Effort): Promise<Kill | null> {
  return hunt({ ...quarry(mutant, effort), mutant: await engineOf(mutant), original });
}

const recordPath = join(findRoot(), "cli", "mutants.json");

/** The run that killed each mutant of {@link BREAKING} when `npm run mutants` was last called. */
export const KILLED = JSON.parse(readFileSync(recordPath, "utf8")) as Readonly<Record<string, Place>>;

/** Writes {@link KILLED}, a line for each mutant. */
export function writeKilled(killed: Readonly<Record<string, Place>>): void {
  const lines = Object.keys(killed).sort().map((name) => `  ${JSON.stringify(name)}: ${JSON.stringify(killed[name])}`);
  writeFileSync(recordPath, `{\n${lines.join(",\n")}\n}\n`);
}

/** The recorded run of a mutant; null unless it still kills it. */
export async function killRecorded(mutant: Mutant): Promise<Kill | null> {
  const place = KILLED[mutant.name];
  return place === undefined ? null : killIn(mutant, place);
}

/** The run at a place, if it kills the mutant. */
export async function killIn(mutant: Mutant, place: Place): Promise<Kill | null> {
  return killAt({ ...quarry(mutant, IN_FULL), mutant: await engineOf(mutant), original }, place);
}

/** Runs until a mutant of {@link HIDING}, and the original, reach what the mutant hides. */
export async function reachOf(mutant: Mutant, effort: Effort): Promise<{ original: number | null; mutant: number | null }> {
  const what = quarry(mutant, effort);
  return { original: runsToReach(original, what), mutant: runsToReach(await engineOf(mutant), what) };
}

/** A kill written as a token, read back and run again: what the two runs say of themselves. */
export async function throughToken(mutant: Mutant, kill: Kill): Promise<{ readonly before: unknown; readonly after: unknown }> {
  const { engine, variant, code } = await loadVariant(findRoot(), mutant.variant.name);
  const { failure, fingerprint } = examineFailure(engine, kill.what, kill.run, kill.failure, kill.run.evidence);
  const token = await readToken(writeToken({ ...kill.what, variant, code, fingerprint }));
  const again = examineCase(engine, token);
  return {
    before: { variant, failure, fingerprint, steps: kill.run.steps },
    after: { variant: token.variant, failure: again.failure, fingerprint: again.fingerprint, steps: again.report.steps },
  };
}
