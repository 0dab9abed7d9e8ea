/** `outcomes`: which final states the model can reach, against the recorded set. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { count } from "../reports/index.ts";
import type { ExtraOutcome, FinalOutcome, OutcomeSpec, Searched } from "../scenarios/index.ts";
import { codeIdentity } from "./code-identity.ts";
import { UsageError, messageOf, quote } from "./errors.ts";
import { Exit } from "./exit-codes.ts";
import { readInput } from "./files.ts";
import { say, type Io } from "./io.ts";
import { OUTCOMES, outcomeFingerprint, writeToken } from "./tokens.ts";

interface Specification {
  readonly file: string;
  readonly spec: OutcomeSpec;
}

/** Runs the command; returns the exit code. */
export async function outcomes(io: Io, files: readonly string[]): Promise<Exit> {
  const vectors = await import("../scenarios/index.ts");
  const specifications = files.map((file): Specification => {
    const spec = vectors.readOutcomes(readInput(resolve(io.cwd, file)));
    if ("unreadable" in spec) throw new UsageError(`${quote(file)}: ${spec.unreadable}`);
    return { file, spec };
  });
  const argued = loadArgued(io.root);
  const code = codeIdentity(null);
  const sums = { reached: 0, expected: 0, missing: 0, extra: 0 };
  let failed = false;
  for (const each of specifications) {
    const explored = vectors.searchOutcomes(each.spec);
    const open = explored.extra.filter(({ outcome }) => !isArgued(argued, each.spec, outcome, vectors.outcomeKey));
    sums.reached += explored.reached;
    sums.expected += explored.expected;
    sums.missing += explored.missing.length;
    sums.extra += explored.extra.length;
    failed ||= explored.missing.length > 0 || (each.spec.saturated && open.length > 0);
    say(io, specificationLines(each, explored, open, code));
    await new Promise((done) => setImmediate(done));
  }
  say(io, [
    `${String(specifications.length)} specifications: ${String(sums.reached)} of ${String(sums.expected)} outcomes reached, `
      + `${String(sums.missing)} missing, ${String(sums.extra)} extra`,
  ]);
  return failed ? Exit.Failed : Exit.Passed;
}

function specificationLines(
  { file, spec }: Specification,
  explored: Searched,
  open: readonly ExtraOutcome[],
  code: string,
): readonly string[] {
  const { reached, expected, executions, complete, runs, missing, extra, inconclusive } = explored;
  const orders = complete ? "all there are" : "not all there are";
  const bounds = inconclusive === 0 ? "" : `, ${count(inconclusive, "run")} hit a bound`;
  const arguedOnes = extra.length - open.length;
  return [
    `${file}: ${String(reached)} of ${String(expected)} in ${count(executions, "execution")}, ${orders}, and ${count(runs, "run")} that wait${bounds}`,
    ...missing.map((outcome) => `  missing  ${shown(outcome)}`),
    ...open.flatMap((one) => [
      `  extra    ${shown(one.outcome)}${spec.saturated ? "" : "  (the recorded set is not saturated)"}`,
      `    replay npx interlock replay ${extraToken(spec, one, code)}`,
    ]),
    ...(arguedOnes > 0 ? [`  ${count(arguedOnes, "extra outcome")} argued in findings/outcomes.json`] : []),
  ];
}

const shown = (outcome: FinalOutcome): string =>
  typeof outcome === "string" ? outcome : JSON.stringify(outcome);

const extraToken = ({ system }: OutcomeSpec, { outcome, choices }: ExtraOutcome, code: string): string =>
  writeToken({
    scenario: OUTCOMES,
    config: system,
    choices,
    variant: null,
    property: null,
    fingerprint: outcomeFingerprint(shown(outcome)),
    code,
  });

/** An outcome that is not recorded, with the interleaving and the seed lines that permit it. */
interface Argued {
  readonly system: unknown;
  readonly outcome: FinalOutcome;
  readonly interleaving: string;
  readonly lines: string;
}

function loadArgued(root: string): readonly Argued[] {
  const path = join(root, "findings", "outcomes.json");
  if (!existsSync(path)) return [];
  const refuse = (why: string): never => {
    throw new UsageError(`findings/outcomes.json: ${why}`);
  };
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    return refuse(messageOf(error));
  }
  if (!Array.isArray(data)) return refuse("a list of {system, outcome, interleaving, lines} is needed");
  return data.map((entry: Partial<Argued> | null, i) => {
    const { system, outcome, interleaving, lines } = entry ?? {};
    const fine = typeof system === "object" && outcome !== undefined
      && typeof interleaving === "string" && interleaving !== "" && typeof lines === "string" && lines !== "";
    if (!fine) return refuse(`entry ${String(i)} lacks one of system, outcome, interleaving, lines`);
    return { system, outcome, interleaving, lines };
  });
}

const isArgued = (
  argued: readonly Argued[],
  { system }: OutcomeSpec,
  outcome: FinalOutcome,
  keyOf: (outcome: FinalOutcome) => string,
): boolean =>
  argued.some((entry) => sorted(entry.system) === sorted(system) && keyOf(entry.outcome) === keyOf(outcome));

/** JSON with sorted names, one level deep: a system is flat. */
const sorted = (value: unknown): string =>
  JSON.stringify(Object.entries(value ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)));
