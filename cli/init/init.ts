/**
 * `init`: a small project to begin with, whose driver has a mistake in it, so that the first check has something to find. The files are those of
 * `docs/examples`.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { UsageError, quote } from "../errors.ts";
import { commandText } from "../command-text.ts";
import { Exit } from "../exit-codes.ts";
import { makeFolders, reason } from "../files.ts";
import { say, type Io } from "../io.ts";
import { CONFIG_FILES } from "../project/project.ts";

/** What is written, and where in `docs/examples` it comes from. */
const FILES = [
  ["interlock.config.ts", "init/interlock.config.ts"],
  ["skel.ts", "driver/skel.ts"],
  ["scenarios.ts", "init/scenarios.ts"],
  ["properties.ts", "init/properties.ts"],
  [".github/workflows/interlock.yml", "init/interlock.yml"],
] as const;

/** The line that the mistake stands before. */
const DOORBELL = "  yield* hw.doorbell();\n";

/** Looks right, and is where the card has sent everything by the time the driver writes to its ring. */
const PLANTED = "  if (hw.used > taken) return; // PLANTED BUG: the card has packets already, it needs no doorbell. Remove this line.\n";

/** Runs the command; returns the exit code. Throws a {@link UsageError}, and then has written nothing, when a file would be in the way. */
export function init(io: Io, given: string): Exit {
  const folder = resolve(io.cwd, given);
  const files = FILES.map(([name, source]) => [name, textOf(io.root, source)] as const);
  refuseExisting(io.cwd, folder);
  writeAll(folder, files);
  const here = relative(io.cwd, folder);
  say(io, [
    ...FILES.map(([name]) => `wrote ${join(here, name)}`),
    "",
    `${join(here, "skel.ts")} has a mistake, at the line marked PLANTED BUG. Find it, and see what led to it:`,
    "",
    `  ${here === "" ? "" : `${commandText(["cd", here])} && `}npx interlock check`,
    "  npx interlock explain TOKEN      (the one that it prints)",
  ]);
  return Exit.Passed;
}

function textOf(root: string, source: string): string {
  const text = readFileSync(join(root, "docs/examples", source), "utf8");
  return source === "driver/skel.ts" ? text.replace(DOORBELL, `${PLANTED}${DOORBELL}`) : text;
}

function refuseExisting(cwd: string, folder: string): void {
  const names = new Set<string>([...CONFIG_FILES, ...FILES.map(([name]) => name)]);
  const found = [...names].find((name) => existsSync(join(folder, name)));
  if (found === undefined) return;
  throw new UsageError(`init: ${quote(relative(cwd, join(folder, found)))} exists, and is not overwritten: nothing was written; name another folder`);
}

/** All files, or none. */
function writeAll(folder: string, files: readonly (readonly [name: string, text: string])[]): void {
  const written: string[] = [];
  try {
    for (const [name, text] of files) {
      const path = join(folder, name);
      makeFolders(dirname(path));
      writeFileSync(path, text, { flag: "wx" });
      written.push(path);
    }
  } catch (error) {
    for (const path of written) rmSync(path, { force: true });
    throw new UsageError(`init: cannot write to ${quote(folder)}: ${reason(error)}; nothing was written`);
  }
}
