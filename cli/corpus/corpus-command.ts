/** The command `corpus`: published results against ours. */
import { Command } from "@commander-js/extra-typings";
import { resolve } from "node:path";
import type { Entry } from "../../programs/index.ts";
import { oneOf } from "../arguments.ts";
import { UsageError, messageOf, oneLine, quote } from "../errors.ts";
import { Exit } from "../exit-codes.ts";
import { readInput } from "../files.ts";
import { EXAMPLES } from "../help.ts";
import { say, type Io } from "../io.ts";

const NAMES = ["counts", "shapes", "litmus", "races"] as const;

/** Adds the command. */
export function addCorpus(program: Command, io: Io, done: (exit: Exit) => void): void {
  program
    .command("corpus")
    .description("explore small programs with published results and compare: numbers of executions, verdicts, races")
    .argument("<kind>", NAMES.join(", "), oneOf("kind", NAMES))
    .argument("<file>", "the corpus, plain or gzip")
    .addHelpText("after", `\n${EXAMPLES.corpus}`)
    .action(async (kind, file) => done(await corpus(io, kind, file)));
}

/** Runs the command; returns the exit code. */
async function corpus(io: Io, kind: (typeof NAMES)[number], file: string): Promise<Exit> {
  const programs = await import("../../programs/index.ts");
  const entries = readEntries(resolve(io.cwd, file), file, programs.CORPORA[kind]);
  const sums = { agree: 0, disagree: 0, unsupported: 0, beside: 0 };
  for (const { name, judge } of entries) {
    const { verdict, lines } = judge();
    sums[verdict]++;
    say(io, lines.map((line) => `${LABELS[verdict]} ${name}: ${oneLine(line)}`));
    await new Promise((next) => setImmediate(next));
  }
  const judged = entries.length - sums.beside;
  say(io, [
    `${String(judged)} entries: ${String(sums.agree)} agree, ${String(sums.disagree)} disagree, ${String(sums.unsupported)} unsupported`,
  ]);
  return sums.disagree > 0 ? Exit.Failed : Exit.Passed;
}

const LABELS = { agree: "note       ", disagree: "disagree   ", unsupported: "unsupported", beside: "beside     " } as const;

function readEntries(path: string, file: string, read: (json: unknown) => readonly Entry[]): readonly Entry[] {
  const contents = readInput(path);
  let json: unknown;
  try {
    json = JSON.parse(contents);
  } catch (error) {
    throw new UsageError(`${quote(file)} is no JSON: ${messageOf(error)}`);
  }
  try {
    return read(json);
  } catch (error) {
    if (error instanceof Error && error.name === "Malformed") throw new UsageError(`${quote(file)}: ${error.message}`);
    throw error;
  }
}
