/** `npm run seed-lines -- DIR`: writes into `docs/kernel-functions.json` which lines of each function are code that runs. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findRoot } from "../scripts/stamp.mjs";
import { executableLines, type Range } from "./lines/executable.ts";
import { readSeed, type SeedText } from "./lines/seed-text.ts";

interface KernelFunction {
  readonly symbol: string;
  readonly kernelFile: string;
  readonly seed: string;
  readonly lines: Range;
}

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("usage: npm run seed-lines -- DIR");
const path = join(findRoot(), "docs/kernel-functions.json");
const functions = JSON.parse(readFileSync(path, "utf8")) as readonly KernelFunction[];
const texts = new Map<string, SeedText>();
const rows = functions.map(({ symbol, kernelFile, seed, lines }) => {
  const text = texts.get(seed) ?? readSeed(folder, seed);
  texts.set(seed, text);
  return oneLine({ symbol, kernelFile, seed, lines, ...executableLines(text, lines) });
});
writeFileSync(path, `[\n  ${rows.join(",\n  ")}\n]\n`);

function oneLine(row: object): string {
  const fields = Object.entries(row).filter(([, value]) => !Array.isArray(value) || value.length > 0);
  return `{${fields.map(([name, value]) => `"${name}": ${JSON.stringify(value).replaceAll(",", ", ")}`).join(", ")}}`;
}
