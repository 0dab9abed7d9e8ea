/** `--reporter`: names of our own reporters and of modules, and what they stand for. */
import {
  ctrfReporter,
  githubReporter,
  htmlReporter,
  jsonReporter,
  junitReporter,
  mermaidReporter,
  sarifReporter,
  tapReporter,
  traceReporter,
  type Reporter,
} from "../reports/index.ts";
import { UsageError, quote } from "./errors.ts";
import { githubSeat, onGithub } from "./github.ts";
import type { Io } from "./io.ts";
import { htmlSeat, type PageWriter } from "./page/write.ts";
import { loadReporterModule } from "./reporter-module.ts";
import { unknownName } from "./suggest.ts";

/** Always on; naming it switches off what is on by itself. */
export const CONSOLE = "console";

const OWN: Readonly<Record<string, (io: Io, pages: () => PageWriter) => Reporter>> = {
  json: () => jsonReporter,
  junit: () => junitReporter,
  github: (io) => githubReporter(githubSeat(io)),
  tap: () => tapReporter,
  html: (_io, pages) => htmlReporter(htmlSeat(pages())),
  sarif: () => sarifReporter(),
  ctrf: () => ctrfReporter(),
  trace: () => traceReporter,
  mermaid: () => mermaidReporter,
};

/** Names of our own reporters. */
const REPORTERS: readonly string[] = [CONSOLE, ...Object.keys(OWN)];

/** One more `--reporter`; several may stand in one, separated by commas. */
export function collectReporters(text: string, before: readonly string[] = []): readonly string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.includes("")) throw new UsageError(`--reporter must name reporters, separated by commas, not ${quote(text)}`);
  return [...new Set([...before, ...names])];
}

/** A reporter with the name it was asked for by. */
export interface Named {
  readonly name: string;
  readonly reporter: Reporter;
  /** Ours: if it fails, it is our fault. */
  readonly own: boolean;
}

/** The reporters of these names and those that are on by themselves, except the console. `pages`: asked for who writes pages. */
export async function loadReporters(io: Io, asked: readonly string[], pages: () => PageWriter): Promise<readonly Named[]> {
  const names = onGithub(io) && !asked.includes(CONSOLE) ? new Set([...asked, "github"]) : asked;
  const found: Named[] = [];
  for (const name of names) {
    if (name === CONSOLE) continue;
    const make = Object.hasOwn(OWN, name) ? OWN[name] : undefined;
    if (make !== undefined) {
      found.push({ name, reporter: make(io, pages), own: true });
      continue;
    }
    const reporter = await loadReporterModule(io, name);
    if (reporter === null) throw unknownName("reporter", name, REPORTERS);
    found.push({ name, reporter, own: false });
  }
  return found;
}
