/** `protocol-coverage.json` as a schema: what its JSON schema file is generated from, and what a merge reads files with. */
import { z } from "zod";
import type { ProtocolCoverageFile } from "../reports/index.ts";

const count = z.int().min(0);
const text = z.string();
const line = z.int().min(1).nullable().describe("of seed 001; null: the routine is not in it");
const runsBy = z.record(text, count);

const covered = z.object({ covered: count, of: count });

/** How much of what there is was covered. */
export const coverageTotals = z.object({
  orders: covered.describe("orders of pairs of operations of different contexts on one object"),
  branches: covered.describe("branches of mechanisms"),
  errnos: covered.describe("errnos of routines"),
});

const empty = z.object({
  orders: z.array(z.object({
    class: text,
    first: text,
    order: z.enum(["before", "overlapped"]),
    second: text,
    met: z.boolean().describe("false: in no run did they come to the same object"),
    runs: count.describe("runs in which the rarer of the two occurred"),
  })),
  branches: z.array(z.object({ branch: text, routine: text, line })),
  errnos: z.array(z.object({ routine: text, errno: text, line, called: z.boolean() })),
}).describe("what was not covered, most interesting first");

const scenario = z.object({
  name: text,
  runs: count,
  totals: coverageTotals,
  operations: z.array(z.object({
    class: text.describe("class of objects"),
    operation: text.describe("kind of context and what it does"),
    runs: count,
    routines: runsBy.describe("who performs it, in those runs that were looked at more closely"),
  })),
  orders: z.array(z.object({
    class: text,
    first: text,
    second: text,
    before: count.describe("runs in which first came before second"),
    after: count.describe("runs in which second came before first"),
    overlapped: count.describe("runs in which one fell into the other"),
    unguarded: count.describe("runs in which they came together without a common lock"),
  })),
  branches: z.array(z.object({ branch: text, routine: text, line, by: runsBy.describe("kinds of contexts") })),
  errnos: z.array(z.object({
    routine: text,
    errno: text,
    line,
    runs: count,
    listed: z.boolean().describe("false: the table of what it may return does not have it"),
  })),
  empty,
});

/** The schema. Later versions add fields and never change one, so readers must accept unknown fields. */
export const protocolCoverageSchema: z.ZodType<ProtocolCoverageFile> = z.object({
  schema: z.literal(1),
  version: text.describe("of Interlock"),
  seed: count,
  variant: text.nullable(),
  totals: coverageTotals.describe("over all scenarios"),
  empty,
  scenarios: z.array(scenario),
});

/** The text of reports/protocol-coverage.schema.json. */
export function protocolCoverageJsonSchema(): string {
  const schema = z.toJSONSchema(protocolCoverageSchema, { target: "draft-2020-12", io: "input" });
  return `${JSON.stringify({ ...schema, title: "Interlock protocol coverage" }, null, 2)}\n`;
}
