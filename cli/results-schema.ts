/** `results.json` as a schema: what its JSON schema file is generated from. Loaded by tests, never by a check. */
import { z } from "zod";
import type { Results } from "../reports/index.ts";
import { coverageTotals } from "./coverage-schema.ts";
import { FAILURE_KINDS, STANDSTILLS } from "./failure-kinds.ts";

const count = z.int().min(0);
const text = z.string();
const VERDICTS = ["passed", "failed", "known", "inconclusive", "not-run"] as const;
const verdict = z.enum(VERDICTS);

const plan = z.object({
  scenario: text,
  strategy: text,
  parameters: z.record(text, z.union([z.number(), text])),
  firstSeed: count.describe("seed of the first run; the others follow"),
  runs: count,
  memory: z.enum(["tso", "pso"]).optional().describe("the memory model; absent: sequential consistency"),
});

const property = z.object({
  name: text,
  kind: z.enum(["always", "sometimes", "eventually"]),
  promise: text,
  scenarios: z.array(text).describe("scenarios that can reach a sometimes property; empty: all"),
});

const failure = z.object({
  property: text.describe("id of the property, assertion or rule"),
  kind: z.enum(FAILURE_KINDS),
  message: text,
  token: text.describe("replays the shortest run that failed so, of equals the first"),
  scenario: text,
  steps: count,
  switches: count,
  known: z.boolean().describe("listed in findings/"),
  fingerprint: text,
  runs: count.describe("runs that failed so"),
});

const scenario = z.object({
  name: text,
  runs: count,
  steps: count,
  switches: count,
  distinctSchedules: count.describe("distinct choice sequences, by 64-bit hash"),
  verdict,
  failures: z.array(failure),
  inconclusiveRuns: count.describe("runs that hit a bound"),
  standstills: z.array(z.object({ why: z.enum(STANDSTILLS), runs: count }))
    .describe("what was behind the bounds: an unfair schedule, starvation, a long way (going-on), unknown"),
  unreached: z.array(text).describe("sometimes properties that name this scenario and that no run of it reached"),
});

const cause = z.object({
  class: text.describe("16 hexadecimal digits; explain says the same of the first of the failures"),
  kind: z.enum(FAILURE_KINDS),
  property: text.describe("id of the property, assertion or rule"),
  sentence: text.describe("what has to come after what for the run of the first failure to pass; or that there is no such order"),
  runs: count.describe("runs that failed so, all scenarios and fingerprints together"),
  fingerprints: z.array(z.object({
    fingerprint: text,
    scenario: text.describe("the first that showed it"),
    runs: count,
  })).describe("in plan order"),
});

const finding = z.object({
  name: text,
  property: text,
  fingerprint: text,
  status: z.enum(["known", "stale", "gone", "not-tried"]),
});

const lost = z.object({
  scenario: text,
  strategy: text,
  seed: count,
  how: z.enum(["died", "out-of-memory", "silent"]).describe("what became of the worker that was in it"),
  token: text.describe("makes the run again"),
});

const regression = z.object({
  name: text,
  property: text,
  fingerprint: text,
  status: z.enum(["reproduced", "fixed", "stale", "changed", "not-tried"]),
  matched: z.object({
    choices: count,
    matched: count.describe("those that mean the same in the code as it is"),
    near: count.describe("those of which the same context went on, with another operation"),
    firstMiss: text.nullable().describe("the first that does not mean the same; null: all do"),
  }).nullable().describe("how far its choices were followed by meaning; null: it was run exactly as recorded, or not at all"),
});

const classes = z.object({
  untilRisk: z.number().min(0).max(1).nullable().describe("where rows were to end, --until-risk; null: with the plan"),
  rows: z.array(z.object({
    scenario: text,
    strategy: text,
    runs: count.describe("runs that were counted"),
    classes: count.describe("distinct happens-before classes, by 64-bit hash"),
    once: count.describe("classes that one run showed and no other"),
    newPerThousand: z.array(count).describe("new classes of each 1,000 runs of the row, in plan order"),
    risk: z.number().min(0).max(1).nullable()
      .describe("estimated chance that one more run shows a new class (Good and Turing); null: runs are not drawn, or there are none"),
    reached: z.boolean().describe("the row ended because it had come to untilRisk"),
  })).describe("one for each row of the plan"),
  scenarios: z.array(z.object({ name: text, classes: count })),
});

/** The schema. Later versions add fields and never change one, so readers must accept unknown fields. */
export const resultsSchema: z.ZodType<Results> = z.object({
  schema: z.literal(1),
  version: text.describe("of Interlock"),
  seed: count,
  plan: z.array(plan),
  variant: text.nullable(),
  properties: z.array(property).describe("the properties that were armed"),
  complete: z.boolean().describe("false: ended early by a signal, --bail or a fault, so that unreached is not known"),
  shard: text.nullable().describe("the share of the plan that was run, i/n; null: all of it"),
  scenarios: z.array(scenario),
  causes: z.array(cause).describe("new failures by their causes; those that a failing regression keeps are none of them"),
  findings: z.array(finding),
  lost: z.array(lost).describe("runs that did not come back, in plan order"),
  regressions: z.array(regression).describe("entries of regressions/, which were tried before the plan"),
  unreached: z.array(text).describe("sometimes properties that no run of this check reached"),
  coverage: coverageTotals.nullable().describe("protocol coverage, with --coverage; cells in protocol-coverage.json"),
  classes: classes.nullable().describe("happens-before classes, with --classes"),
  interrupted: z.enum(["SIGINT", "SIGTERM"]).nullable(),
  totals: z.object({
    scenarios: count,
    runs: count,
    steps: count,
    switches: count,
    distinctSchedules: count,
    failures: count.describe("distinct new failures"),
    known: count.describe("distinct known failures"),
    stale: count,
    staleRegressions: count.describe("regressions of which nothing is known: what made them fail is not reached"),
    regressions: count.describe("regressions that fail, as recorded or otherwise"),
    inconclusiveRuns: count,
    verdict,
  }),
  timing: z.object({
    started: text.describe("ISO 8601"),
    seconds: z.number().min(0),
    runsPerSecond: z.number().min(0),
  }).describe("everything that depends on the clock; all else is a function of seed and plan"),
});

/** The text of reports/results.schema.json. */
export function resultsJsonSchema(): string {
  const schema = z.toJSONSchema(resultsSchema, { target: "draft-2020-12", io: "input" });
  return `${JSON.stringify({ ...schema, title: "Interlock results" }, null, 2)}\n`;
}
