/** `conform`: recorded kernel behaviour through the model's routines; the first difference is the answer. */
import { resolve } from "node:path";
import { columns, count } from "../reports/index.ts";
import type { Conformance, Divergence, UnreadableFile } from "../scenarios/index.ts";
import { UsageError, oneLine, quote } from "./errors.ts";
import { Exit } from "./exit-codes.ts";
import { readInput } from "./files.ts";
import { say, type Io } from "./io.ts";

interface Readable {
  readonly file: string;
  readonly compare: () => Conformance | UnreadableFile;
}

/** Runs the command; returns the exit code. */
export async function conform(io: Io, files: readonly string[]): Promise<Exit> {
  const vectors = await import("../scenarios/index.ts");
  const readable = files.map((file): Readable => {
    const text = readInput(resolve(io.cwd, file));
    const format = vectors.recognise(text);
    if (format === "ifq-sequential") return { file, compare: () => vectors.conformIfq(text.split("\n")) };
    if (format === "control-plane") return { file, compare: () => vectors.conformControlPlane(text.split("\n")) };
    if (format === "ring-count") return { file, compare: () => vectors.conformRingCount(text) };
    throw new UsageError(`${quote(file)}: ${WHY_NOT[format ?? "unknown"]}`);
  });
  const done: Conformance[] = [];
  for (const { file, compare } of readable) {
    const result = compare();
    if ("unreadable" in result) throw new UsageError(`${quote(file)}: ${result.unreadable}`);
    if (result.divergence !== null) {
      say(io, divergenceLines(file, result.divergence));
      return Exit.Failed;
    }
    done.push(result);
  }
  const sum = (of: (result: Conformance) => number): number => done.reduce((total, each) => total + of(each), 0);
  const sequences = sum((result) => result.sequences);
  const operations = sum((result) => result.operations);
  say(io, [`${String(sequences)} sequences, ${String(operations)} operations: all agree`]);
  return Exit.Passed;
}

const WHY_NOT = {
  "outcomes": "a specification of outcomes: use `interlock outcomes`",
  "unknown": "not a format of recorded behaviour (sequences of the send queue or the control plane, ring counts)",
} as const;

const VALUE_MAX = 200;

const text = (value: unknown): string => {
  const json = value === undefined ? "nothing" : JSON.stringify(value);
  return oneLine(json.length > VALUE_MAX ? `${json.slice(0, VALUE_MAX - 1)}…` : json);
};

/** The operation, the fields that differ in both states, and where it was, last. */
function divergenceLines(file: string, { line, seed, operation, fields }: Divergence): readonly string[] {
  const rows = fields.map(({ field, expected, got }) => [`  ${field}`, text(expected), text(got)]);
  const named = seed === null ? "" : `, seed ${String(seed)}`;
  return [
    `${file}: operation ${String(operation.index)} is ${text(operation.op)}`,
    ...columns([["  field", "expected", "got"], ...rows]),
    `line ${String(line)}${named}, operation ${String(operation.index)}: ${difference(fields)}`,
  ];
}

/** What the last line says of it: a recorded fault is nothing to agree with, whatever the model does. */
function difference(fields: Divergence["fields"]): string {
  const [first] = fields;
  if (first?.field === "failure" && first.expected === "fault")
    return `the kernel's code faults here, the model ${first.got === undefined ? "does not" : text(first.got)}`;
  return `${count(fields.length, "field")} of the state differ${fields.length === 1 ? "s" : ""}`;
}
