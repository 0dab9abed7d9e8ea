/** What README and docs/coverage.md show a command print, against what it prints: line by line, but for what they leave out with `...`. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findRoot } from "../scripts/stamp.mjs";
import { loadEngine } from "./load-engine.ts";
import { emptyFolder, run } from "./test-io.ts";

/** The command of a document, and the block behind it that begins with a text. */
function exampleIn(file: string, command: string, begin: string): { readonly args: readonly string[]; readonly shown: readonly string[] } {
  const text = readFileSync(join(findRoot(), file), "utf8");
  const at = text.indexOf(command);
  expect(at, `${file} has the command`).toBeGreaterThanOrEqual(0);
  const [line = ""] = text.slice(at).replaceAll("\\\n", " ").split("\n");
  const block = text.indexOf(`\n\`\`\`\n${begin}`, at);
  expect(block, `${file} shows what it prints`).toBeGreaterThanOrEqual(0);
  const [shown = ""] = text.slice(block + "\n```\n".length).split("\n```");
  return { args: line.trim().split(/\s+/).slice(2), shown: shown.split("\n") };
}

/** The lines that are not printed. Those that end in `...` stand for any that begin so; a line that is nothing else, for any number of lines. */
function notPrinted(shown: readonly string[], printed: readonly string[]): readonly string[] {
  const missing: string[] = [];
  let at = printed.indexOf(shown[0] ?? "");
  for (const line of shown) {
    if (line.trim() === "...") continue;
    const begin = line.endsWith("...") && !line.includes("... and") ? line.slice(0, -3) : null;
    const found = printed.findIndex((other, i) => i >= at && (begin === null ? other === line : other.startsWith(begin)));
    if (found < 0) missing.push(line);
    else at = found;
  }
  return missing;
}

it.each([
  ["README.md", "npx interlock check --variant drops-the-duty-on-contention", "Violation  interlock-is-released"],
  ["docs/coverage.md", "npx interlock check --scenario owner-migration --runs 800", "protocol coverage"],
])("%s shows what `%s` prints", async (file, command, begin) => {
  const { args, shown } = exampleIn(file, command, begin);
  const cwd = emptyFolder();

  const { stdout } = await run([...args, "--jobs", "0"], { root: findRoot(), cwd, load: loadEngine });

  expect(shown.length).toBeGreaterThan(10);
  expect(notPrinted(shown, stdout.split("\n"))).toEqual([]);
}, 60_000);

it("a line that is not printed is told", () => {
  expect(notPrinted(["a", "b...", "...", "d"], ["a", "bc", "x", "e"])).toEqual(["d"]);
});
