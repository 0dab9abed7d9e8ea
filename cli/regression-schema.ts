/** A file of `regressions/` as a schema: what is validated when one is read, and what its JSON schema is made from. */
import { z } from "zod";
import { FAILURE_KINDS } from "./failure-kinds.ts";
import { printable } from "./printable.ts";
import type { RegressionFile } from "./regressions.ts";

const count = z.int().min(0);
const text = printable.max(400);
/** Longer tokens are not read either. */
const TOKEN_MAX = 1 << 24;
const CHOICES_MAX = 100_000;

const size = z.object({
  steps: count,
  switches: count,
  choices: count.describe("deviations from the default schedule, and draws that are not benign"),
  cpus: count,
  actors: count.describe("threads of the workload"),
  packets: count.describe("packets they send"),
});

const fields = {
  name: text.describe("the file's name without its ending when it was written"),
  property: text.describe("id of the property, assertion or rule"),
  kind: z.enum(FAILURE_KINDS),
  message: z.string().max(4000),
  scenario: text,
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
  token: z.string().max(TOKEN_MAX).regex(/^ilk[0-9]+:[\w+/=.~-]*$/).describe("replays the shrunk run"),
  found: z.object({
    version: text.describe("of Interlock"),
    code: text.describe("names the code that decided the run"),
    variant: text.nullable(),
    strategy: text.describe("as --strategy takes it"),
    seed: count.describe("of the run"),
    run: count.nullable().describe("its number in the plan of its check, from 0"),
  }),
  size: z.object({ found: size, shrunk: size }),
  shrunk: z.array(z.enum(["schedule", "configuration"])).describe("what was made smaller"),
};

const word = z.string().max(400);
const told = z.tuple([word, word, word, z.int().min(1)]).describe("an operation: who, what, to which object, the how-manieth time");

/** The schema of format 2. Later versions add fields and never change one. */
export const regressionSchema: z.ZodType<RegressionFile> = z.object({
  format: z.literal(2),
  ...fields,
  meaning: z.object({
    choices: z.array(z.tuple([told, told])).max(CHOICES_MAX)
      .describe("after the first operation was announced, the second went on instead of whom the default takes"),
    draws: z.array(z.tuple([told, count, z.int().min(1)])).max(CHOICES_MAX)
      .describe("data choices that are not benign: after which operation of its context the how-manieth, from 0, and its value"),
    cast: z.string().regex(/^[0-9a-f]{8}$/).describe("names the contexts that there were at the first choice"),
    witnesses: z.array(z.tuple([told, told])).max(CHOICES_MAX).describe("orderings that made it fail: the first came before the second"),
  }).describe("the run by meaning, to be followed when the code has changed"),
});

/** Format 1 knows nothing of meaning. */
export const regressionSchema1 = z.object(fields);

/** The text of reports/regression.schema.json. */
export function regressionJsonSchema(): string {
  const schema = z.toJSONSchema(regressionSchema, { target: "draft-2020-12", io: "input" });
  return `${JSON.stringify({ ...schema, title: "Interlock regression" }, null, 2)}\n`;
}
