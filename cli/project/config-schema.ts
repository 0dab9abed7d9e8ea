/** The configuration file as a schema: what is validated, and what its JSON schema is generated from. */
import { z } from "zod";
import { UsageError, oneLine } from "../errors.ts";
import { printable as text } from "../printable.ts";
import { closest } from "../suggest.ts";
import type { CheckDefaults, ProjectConfig } from "./config.ts";

const SEED_MAX = 999_999_999_999_999;
const RUNS_MAX = 1_000_000_000;

const strictness = z.enum(["report", "fail"]);
const modules = (what: string) =>
  z.array(text).optional().describe(`modules that export ${what}; paths start from this file's folder`);

const checkShape = {
  scenario: text.optional().describe("only scenarios whose name matches (* and ?)"),
  property: text.optional().describe("arm only this property"),
  strategy: text.optional().describe("NAME[:k=v,...] instead of the portfolio"),
  seed: z.int().min(0).max(SEED_MAX).optional().describe("first seed; drawn and printed when absent"),
  runs: z.int().min(1).max(RUNS_MAX).optional().describe("total number of runs, divided over the plan"),
  jobs: z.int().min(0).max(256).optional().describe("worker threads; as many as the machine has cores when absent"),
  runTimeout: z.int().min(1).max(86_400).optional().describe("give a run up that takes longer, seconds"),
  workerMemory: z.int().min(64).max(65_536).optional().describe("heap of a worker thread, MiB"),
  bail: z.boolean().optional().describe("stop at the first new failure"),
  variant: text.optional().describe("check this variant of the model"),
  reporters: z.array(text).optional().describe("reporters besides the console"),
  out: text.optional().describe("folder for what reporters write, from this file's folder"),
  regressions: z.union([text, z.literal(false)]).optional()
    .describe("folder of failures to replay first and to keep new ones in, from this file's folder; false: none"),
  stale: strictness.optional().describe("findings that no longer reproduce"),
  inconclusive: strictness.optional().describe("runs that hit a bound, promises never reached"),
};
const check: z.ZodType<CheckDefaults> = z.strictObject(checkShape);

const shape = {
  $schema: text.optional().describe("where the JSON schema of this file is, for editors"),
  drivers: modules("drivers"),
  scenarios: modules("scenarios"),
  properties: modules("properties, armed in addition to the stock ones"),
  stock: z.boolean().optional().describe("check the stock scenarios too where the project has its own"),
  check: check.optional().describe("usual values for the options of interlock check"),
};
const projectConfig: z.ZodType<ProjectConfig> = z.strictObject(shape);

/** The configuration, or a {@link UsageError} of one line: the file, the key, what is wrong. */
export function parseProjectConfig(name: string, value: unknown): ProjectConfig {
  const result = projectConfig.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new UsageError(`${name}: ${issue === undefined ? "not valid" : complaint(issue)}`);
}

function complaint(issue: z.core.$ZodIssue): string {
  const path = keyOf(issue.path);
  const where = path === "" ? "" : `${path}: `;
  if (issue.code !== "unrecognized_keys") return `${where}${oneLine(issue.message).replace("Invalid input: ", "")}`;
  const [key = ""] = issue.keys;
  const known = Object.keys(path === "check" ? checkShape : shape);
  const meant = closest(key, known);
  return `${where}unknown key ${key}; ${meant === null ? `known: ${known.join(", ")}` : `did you mean ${meant}?`}`;
}

/** `scenarios[0]`, `check.runs`. */
const keyOf = (path: readonly PropertyKey[]): string =>
  path.map((part) => (typeof part === "number" ? `[${String(part)}]` : `.${String(part)}`)).join("").replace(/^\./, "");

/** The text of cli/config.schema.json. */
export function projectConfigJsonSchema(): string {
  const schema = z.toJSONSchema(projectConfig, { target: "draft-2020-12", io: "input" });
  return `${JSON.stringify({ ...schema, title: "Interlock configuration" }, null, 2)}\n`;
}
