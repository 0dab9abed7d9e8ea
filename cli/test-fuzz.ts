/** Inputs from outside, spoiled: valid examples of everything that is read, ways to spoil them, and who reads them. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { findRoot } from "../scripts/stamp.mjs";
import { CORPORA } from "../programs/index.ts";
import { conformControlPlane, conformIfq, conformRingCount, readOutcomes, recognise } from "../scenarios/index.ts";
import { Draws, decodeToken, encodeToken, rng } from "../sim/index.ts";
import { isUsageError } from "./errors.ts";
import { loadFindings } from "./findings.ts";
import { journalIn } from "./journal-reader.ts";
import { parseProjectConfig } from "./project/config-schema.ts";
import { regressionIn } from "./regressions.ts";
import * as regressionSchemas from "./regression-schema.ts";
import { OUTCOMES, readOutcomeToken, readToken } from "./tokens.ts";

/** Something that is read. */
export interface Target {
  readonly name: string;
  /** Valid. */
  readonly examples: readonly string[];
  /** Reads; null: accepted; else the line of refusal. Throws whatever else happens. */
  readonly read: (text: string) => Promise<string | null> | string | null;
}

const DATA = join(findRoot(), "properties", "vectors", "data");

/** The first lines of recorded sequences. */
const linesOf = (name: string): readonly string[] =>
  gunzipSync(readFileSync(join(DATA, `${name}.jsonl.gz`))).toString("utf8").split("\n").slice(0, 4);

const textOf = (...path: readonly string[]): string => readFileSync(join(DATA, ...path), "utf8");

const TOKEN = loadFindings(join(findRoot(), "findings"))[0]?.token ?? "";

/** An object with all its lists cut to their first few. */
function short(line: string, most = 5): string {
  const fields = Object.entries(JSON.parse(line) as Record<string, unknown>);
  return JSON.stringify(Object.fromEntries(fields.map(([key, value]) => [key, Array.isArray(value) ? value.slice(0, most) : value])));
}

const said = (result: object): string | null => ("unreadable" in result ? String(result.unreadable) : null);

async function refused(read: () => unknown): Promise<string | null> {
  try {
    await read();
    return null;
  } catch (error) {
    if (isUsageError(error) || (error instanceof Error && error.name === "Malformed")) return error.message;
    throw error;
  }
}

/** As the commands do: text that is no JSON is refused before. */
function jsonOr(text: string, read: (value: unknown) => unknown): Promise<string | null> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return Promise.resolve("no JSON");
  }
  return refused(() => read(value));
}

const CORPUS: Readonly<Record<keyof typeof CORPORA, string>> = {
  counts: JSON.stringify({ programs: [{ name: "sb", kind: "mazurkiewicz", model: "SC", expected: 3, assert: true, program: { vars: {}, threads: [[["st", "x", 1], ["ld", "a", "y"]], [["st", "y", 1]]] } }] }),
  shapes: JSON.stringify({ shapes: [{ names: ["alpha1"], n_tests: 1, shape: "W x 2 | R x; R x", final_reads: [], expected_rf_classes_SC: 3 }] }),
  litmus: JSON.stringify({ core: [{ name: "LB", threads: [[["ld", "a", "x"], ["st", "y", 1]], [["ld", "b", "y"], ["st", "x", 1]]], init: {}, condition: ["and", ["reg", 0, "a", 1], ["reg", 1, "b", 1]], verdict_computed: { SC: "Forbidden" } }], x86: [] }),
  races: JSON.stringify([{ name: "SimpleWrite", events: [{ thread: "main", op: "spawn", obj: "t1" }, { thread: "t1", op: "write", obj: "l" }], expected: { race: false }, note: "" }]),
};

const REGRESSION = {
  format: 1, name: "a", property: "p", kind: "Violation", message: "m", scenario: "one-sender", fingerprint: "0123456789abcdef", token: TOKEN,
  found: { version: "1", code: "c", variant: null, strategy: "random", seed: 1, run: null },
  size: {
    found: { steps: 1, switches: 1, choices: 1, cpus: 1, actors: 1, packets: 1 },
    shrunk: { steps: 1, switches: 1, choices: 1, cpus: 1, actors: 1, packets: 1 },
  },
  shrunk: ["schedule"],
};

const OPERATION = ["user 0", "enter", "em0 serializer", 1];
const REGRESSIONS = [
  REGRESSION,
  { ...REGRESSION, format: 2, meaning: { choices: [[OPERATION, OPERATION]], draws: [[OPERATION, 0, 1]], cast: "01234567", witnesses: [[OPERATION, OPERATION]] } },
].map((file) => JSON.stringify(file));

const JOURNAL = [
  { journal: 1, version: "0.0.0", command: "npx interlock check", seed: 7, plan: [{ scenario: "lost-update", strategy: "random", parameters: {}, firstSeed: 7, runs: 9 }], property: null, variant: null, code: "test", shard: null, process: { pid: 9, host: "h", born: null }, started: "2026-01-01" },
  { done: 3, workers: [[0, 1, 2]], at: 12 },
  { failure: { run: 1, fingerprint: "0123456789abcdef", property: "p", kind: "Violation", message: "m", scenario: "s", token: "ilk1:AAAA" } },
  { end: "complete" },
].map((line) => `${JSON.stringify(line)}\n`).join("");

const CONFIG = JSON.stringify({ drivers: ["a.ts"], scenarios: ["b.ts"], stock: true, check: { seed: 1, runs: 9, out: "o", regressions: false, stale: "fail" } });

/** The record inside a token, under a checksum that fits. */
const RECORD = JSON.stringify(TOKEN === "" ? {} : decodeToken(TOKEN).config);

/** A token with this record, as the run of a scenario and of an outcome specification. */
async function readBoth(config: unknown, text: string): Promise<void> {
  // Writing a token is not what is looked at: what is nested too deeply to be written is left out.
  if (text.includes(DEEP)) return;
  const data = { ...decodeToken(TOKEN), config };
  await refused(() => readOutcomeToken(encodeToken({ ...data, scenario: OUTCOMES })));
  await readToken(encodeToken(data));
}

/** All of them. */
export const TARGETS: readonly Target[] = [
  { name: "token", examples: [TOKEN], read: (text) => refused(() => readToken(text)) },
  { name: "record in a token", examples: [RECORD], read: (text) => jsonOr(text, (config) => readBoth(config, text)) },
  { name: "regression", examples: REGRESSIONS, read: (text) => jsonOr(text, (value) => regressionIn(regressionSchemas, value, "regressions/a.json")) },
  { name: "configuration", examples: [CONFIG], read: (text) => jsonOr(text, (value) => parseProjectConfig("interlock.config.json", value)) },
  { name: "journal", examples: [JOURNAL], read: (text) => refused(() => journalIn(text)) },
  { name: "sequence", examples: linesOf("ifq-sequential").slice(2, 4).map((line) => short(line)), read: (text) => said(conformIfq(text.split("\n"))) },
  { name: "control plane", examples: linesOf("control-plane").slice(0, 2).map((line) => short(line)), read: (text) => said(conformControlPlane(text.split("\n"))) },
  { name: "ring counts", examples: [JSON.stringify((JSON.parse(textOf("ring-count.json")) as unknown[]).slice(0, 5))], read: (text) => said(conformRingCount(text)) },
  { name: "outcomes", examples: readdirSync(join(DATA, "outcomes")).sort().slice(0, 1).map((name) => short(textOf("outcomes", name))), read: (text) => (recognise(text), said(readOutcomes(text))) },
  ...(Object.keys(CORPORA) as (keyof typeof CORPORA)[]).map((kind): Target =>
    ({ name: `corpus of ${kind}`, examples: [CORPUS[kind]], read: (text) => jsonOr(text, (value) => CORPORA[kind](value)) })),
];

export const NASTY: readonly string[] = [
  "null", "true", "-1", "0.5", "1e999", "9007199254740993", "1e308", "4294967296", "[]", "{}", '""', '"../../../etc/passwd"', '"\\u0000\\u001b[2J"',
  '"__proto__"', '{"__proto__":{"spoiled":1}}', '{"constructor":{"prototype":{"spoiled":1}}}', JSON.stringify("x".repeat(5000)),
  `${"[".repeat(500)}${"]".repeat(500)}`,
];
/** Deep enough to end a stack. */
const DEEP = `${"[".repeat(20_000)}${"]".repeat(20_000)}`;
const VALUE = /"(?:[^"\\]|\\.)*"|-?[0-9]+(?:\.[0-9]+)?|true|false|null|\[\]|\{\}/g;

/** A text spoiled in one to three places. */
export function spoiled(text: string, draws: Draws): string {
  let now = text;
  for (let left = 1 + draws.below(3); left > 0; left--) now = spoiledOnce(now, draws);
  return now;
}

function spoiledOnce(text: string, draws: Draws): string {
  const at = draws.below(text.length + 1);
  switch (draws.below(7)) {
    case 0:
      return text.slice(0, at) + String.fromCharCode(draws.below(draws.below(9) === 0 ? 65_536 : 128)) + text.slice(at + 1);
    case 1:
      return text.slice(0, at);
    case 2:
      return text.slice(0, at) + text.slice(at + 1 + draws.below(4));
    case 3:
      return text.slice(0, at) + text.slice(draws.below(text.length + 1), text.length).slice(0, 60) + text.slice(at);
    case 4:
      return withMember(text, at, draws.below(2) === 0 ? '"__proto__":{"spoiled":1},' : '"constructor":{"prototype":{"spoiled":1}},');
    default:
      return withValue(text, at, draws.below(400) === 0 ? DEEP : (NASTY[draws.below(NASTY.length)] ?? ""));
  }
}

function withMember(text: string, from: number, member: string): string {
  const at = text.indexOf("{", from);
  return at < 0 ? text : `${text.slice(0, at + 1)}${member}${text.slice(at + 1)}`;
}

function withValue(text: string, from: number, value: string): string {
  VALUE.lastIndex = from;
  const match = VALUE.exec(text);
  return match === null ? text : `${text.slice(0, match.index)}${value}${text.slice(match.index + match[0].length)}`;
}

/** What went wrong with an input; null: nothing did. */
async function wrongWith({ read }: Target, text: string): Promise<string | null> {
  let refusal: string | null;
  try {
    refusal = await read(text);
  } catch (error) {
    return `throws ${String(error)}`;
  }
  if (refusal !== null && (refusal === "" || /[\n\r]/.test(refusal))) return `is not refused in one line: ${JSON.stringify(refusal)}`;
  return "spoiled" in {} ? "reaches the prototype of objects" : null;
}

/** Reads so many spoiled inputs; the first few that go wrong, and how many were refused. */
export async function fuzz(seed: string, inputs: number): Promise<{ readonly wrong: readonly string[]; readonly refused: number }> {
  const draws = new Draws(rng(seed));
  const wrong: string[] = [];
  let refusals = 0;
  for (let i = 0; i < inputs && wrong.length < 10; i++) {
    const target = TARGETS[i % TARGETS.length] as Target;
    const text = spoiled(target.examples[draws.below(target.examples.length)] as string, draws);
    const what = await wrongWith(target, text);
    if (what !== null) wrong.push(`${target.name}: ${what}: ${text.slice(0, 2000)}`);
    else if ((await target.read(text)) !== null) refusals++;
  }
  return { wrong, refused: refusals };
}
