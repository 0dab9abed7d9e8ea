/** `part.json` as it must look when it is read back. Loaded only by `merge`. */
import { join } from "node:path";
import { z } from "zod";
import { FAILURE_KINDS, STANDSTILLS } from "./failure-kinds.ts";
import { readInput } from "./files.ts";
import { UsageError, messageOf, oneLine, quote } from "./errors.ts";
import { PART_FILE, type Part } from "./part.ts";

const count = z.int().min(0);
/** It is printed: nothing in it may speak to a terminal. */
const text = z.string().regex(/^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f]*$/, "control characters are not allowed");
const name = text.max(400).regex(/^[^\t\n]*$/, "has to be one line");

const failure = z.object({
  kind: z.enum(FAILURE_KINDS),
  id: name,
  message: text,
  facts: z.array(z.tuple([text, text])),
  waits: z.array(z.object({ context: text, for: text, heldBy: text.nullable() })).exactOptional(),
  sites: z.array(count).exactOptional(),
});

const shown = {
  failure,
  run: z.object({ steps: count, switches: count }),
  strategy: name,
  seed: count,
  token: text,
};

const scenario = z.object({
  name: name,
  runs: count,
  steps: count,
  switches: count,
  inconclusiveRuns: count,
  standstills: z.array(z.tuple([z.enum(STANDSTILLS), count])),
  hashes: z.base64(),
  reached: z.array(text),
  failures: z.array(z.object({ ...shown, fingerprint: name, at: count, first: count, runs: count })),
  looks: z.array(z.object({
    at: count,
    due: z.boolean(),
    keys: z.array(z.tuple([text, text])),
    sightings: z.array(z.object({ ...shown, fingerprint: name })),
  })),
  unlooked: z.array(z.tuple([text, count])),
});

const part: z.ZodType<Part> = z.object({
  format: z.literal(1),
  version: name,
  code: name,
  variant: name.nullable(),
  property: name.nullable(),
  seed: count,
  plan: z.array(z.object({
    scenario: name,
    strategy: name,
    parameters: z.record(text, z.union([z.number(), text])),
    firstSeed: count,
    runs: count,
    memory: z.enum(["tso", "pso"]).optional(),
  })),
  shard: z.object({ index: z.int().min(1), of: z.int().min(1) }),
  complete: z.boolean(),
  interrupted: z.enum(["SIGINT", "SIGTERM"]).nullable(),
  fault: z.object({ message: text, exit: count }).nullable(),
  scenarios: z.array(scenario),
  classes: z.object({
    untilRisk: z.number().min(0).max(1).nullable(),
    rows: z.array(z.object({ runs: count, hashes: z.base64(), marks: z.base64(), endedAt: count.nullable() })),
  }).nullable(),
  findings: z.array(z.object({
    name: name,
    property: name,
    fingerprint: name,
    status: z.enum(["known", "stale", "gone", "not-tried"]),
  })),
  regressions: z.array(z.object({
    name: name,
    property: name,
    fingerprint: name,
    status: z.enum(["reproduced", "fixed", "stale", "changed", "not-tried"]),
    matched: z.object({ choices: count, matched: count, near: count, firstMiss: text.nullable() }).nullable(),
  })),
  lost: z.array(z.object({
    at: count,
    scenario: name,
    strategy: name,
    seed: count,
    how: z.enum(["died", "out-of-memory", "silent"]),
    token: text,
  })),
  timing: z.object({ started: text, seconds: z.number().min(0) }),
});

/** Reads the part in a folder; throws a {@link UsageError}. */
export function readPart(folder: string): Part {
  const path = join(folder, PART_FILE);
  const refuse = (why: string): never => {
    throw new UsageError(`${quote(path)} is no part of a check: ${oneLine(why)}`);
  };
  let data: unknown;
  try {
    data = JSON.parse(readInput(path));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return refuse(messageOf(error));
  }
  const result = part.safeParse(data);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  return refuse(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`);
}
