/** `interlock check` under another Node: its results, to be compared with those of this one. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { GoldenEntry } from "../../golden/index.ts";
import { EngineFault, messageOf } from "../errors.ts";
import { Exit } from "../exit-codes.ts";

const run = promisify(execFile);

/** A search of everything that also reproduces the known failures, and every mutant's failing run. */
export function checkCommands(entries: readonly GoldenEntry[]): readonly (readonly string[])[] {
  const mutants = entries.filter(({ variant }) => variant !== null).map((entry) => [
    "--variant", entry.variant ?? "", "--scenario", entry.scenario, "--strategy", entry.strategy ?? "",
    "--seed", String(entry.firstSeed), "--runs", "1",
  ]);
  return [["--seed", "1", "--runs", "440"], ...mutants];
}

/** What they write, without what depends on the clock: a text for each command. */
export async function checkResults(
  root: string,
  node: string,
  commands: readonly (readonly string[])[],
  folder: string,
): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const words of commands) texts.push(await checkResult(root, node, words, mkdtempSync(join(folder, "check-"))));
  return texts;
}

async function checkResult(root: string, node: string, words: readonly string[], out: string): Promise<string> {
  const script = join(root, "bin", "interlock.mjs");
  let exit: unknown = Exit.Passed;
  try {
    await run(node, [script, "check", ...words, "--reporter", "json", "--out", out], { cwd: out, maxBuffer: 1 << 26 });
  } catch (error) {
    exit = (error as { code?: unknown }).code;
    if (exit !== Exit.Failed) throw new EngineFault(`${node}: check ${words.join(" ")} exits ${String(exit)}: ${messageOf(error)}`);
  }
  const results = JSON.parse(readFileSync(join(out, "results.json"), "utf8")) as Record<string, unknown>;
  return JSON.stringify({ ...results, timing: null, exit });
}
