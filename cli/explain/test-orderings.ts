/** What explain says of mutants and findings, against what it has to say. */
import { expect } from "vitest";
import { engine as original } from "../engine.ts";
import { codeIdentity } from "../code-identity.ts";
import type { Finding } from "../findings.ts";
import type { Loaded } from "../load-engine.ts";
import type { Mutant } from "../test-mutants.ts";
import { readToken, type ReadToken } from "../tokens.ts";
import type { Side } from "./cause.ts";
import { FINDINGS_SAY, MUTANTS_SAY, type Expected, type Says } from "./expected.ts";
import { explanationOf, type Explanation } from "./explain.ts";
import { failingRun } from "./test-failing.ts";

/** What was explained. */
export interface Explained {
  readonly name: string;
  readonly explanation: Explanation;
  /** It says something else than it should, for a reason that is listed. */
  readonly exception: boolean;
  /** Outcome of the run that is told to pass; null: none is told. */
  readonly passing: string | null;
  /** Seconds of CPU time. */
  readonly seconds: number;
}

const BUDGET = 400;

/** Fails unless explain says of the recorded run of a mutant what it has to. Takes what was explained into `all`. */
export async function checkMutant(mutant: Mutant, all: Explained[] = []): Promise<void> {
  const { loaded, token } = await failingRun(mutant);
  all.push(checked(await explained(mutant.name, loaded, token), MUTANTS_SAY[mutant.name]));
}

/** The same of the token of a finding. Of a race, its own file says between which accesses it is. */
export async function checkFinding({ name, kind, token, sites }: Finding, all: Explained[] = []): Promise<void> {
  const loaded: Loaded = { engine: original, variant: null, code: codeIdentity(null), module: null };
  const found = await explained(name, loaded, await readToken(token));
  all.push(kind === "Race" ? found : checked(found, FINDINGS_SAY[name]));
  if (kind === "Race") expect(found.explanation).toMatchObject({ verdict: "race", sentence: `nothing orders the ${sites.join(" and the ")}: it is a race in either order` });
}

function checked(found: Explained, expected: Expected | undefined): Explained {
  if (expected === undefined) throw new Error(`${found.name}: nothing is expected of it in cli/explain/expected.ts`);
  const { explanation, passing } = found;
  const { sentence } = explanation;
  expect([sentence, says(explanation, expected.says)]).toEqual([sentence, expected.instead === undefined]);
  if (expected.instead !== undefined) expect([sentence, says(explanation, expected.instead.says)]).toEqual([sentence, true]);
  expect(passing).toBe(explanation.flips.length + explanation.draws.length > 0 ? "passed" : null);
  return { ...found, exception: expected.instead !== undefined };
}

async function explained(name: string, loaded: Loaded, token: ReadToken): Promise<Explained> {
  const before = process.cpuUsage();
  const explanation = explanationOf(loaded, token, BUDGET);
  const { user, system } = process.cpuUsage(before);
  const passing = explanation.passing === null ? null : loaded.engine.replay(await readToken(explanation.passing)).outcome;
  return { name, explanation, passing, seconds: (user + system) / 1e6, exception: false };
}

/** Is that what it says? */
function says({ verdict, flips, draws }: Explanation, what: Says): boolean {
  if (what === "every order") return verdict === what;
  if ("draw" in what) return verdict === "choice" && draws.some(({ routine }) => what.draw.test(routine));
  return verdict === "ordering" && flips.some(({ first, second }) => what.first.test(sideText(first)) && what.second.test(sideText(second)));
}

const sideText = ({ routine, operation, object }: Side): string => [routine, operation, object].filter((word) => word !== "").join(" ");

/** How many of them say what, which share a class, and which took longest. */
export function summary(all: readonly Explained[]): string {
  const count = (verdict: string): number => all.filter(({ explanation }) => explanation.verdict === verdict).length;
  const classes = new Map<string, string[]>();
  for (const { name, explanation } of all) classes.set(explanation.class, [...(classes.get(explanation.class) ?? []), name]);
  const shared = [...classes.values()].filter(({ length }) => length > 1);
  const longest = all.toSorted((a, b) => b.seconds - a.seconds).slice(0, LONGEST);
  return [
    `${String(all.length)} explained: ${["ordering", "choice", "every order", "race", "not found"].map((verdict) => `${verdict} ${String(count(verdict))}`).join(", ")}`,
    `exceptions: ${all.filter(({ exception }) => exception).map(({ name }) => name).join(", ")}`,
    `CPU time ${all.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(1)} s; longest ${longest.map(({ name, seconds }) => `${name} ${seconds.toFixed(1)} s`).join(", ")}`,
    `${String(classes.size)} classes; shared: ${shared.map((names) => names.join(" = ")).join("; ")}`,
  ].join("\n");
}

const LONGEST = 3;
