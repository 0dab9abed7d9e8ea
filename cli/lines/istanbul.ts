/** The lines of the C in the form and with the reporters of Istanbul: lcov, a text table, HTML. */
import libCoverage, { type BranchMapping, type FileCoverageData, type FunctionMapping, type Range as Place } from "istanbul-lib-coverage";
import libReport from "istanbul-lib-report";
import reports from "istanbul-reports";
import { UsageError, messageOf, oneLine, quote } from "../errors.ts";
import type { Arm, FunctionLines } from "./functions.ts";
import type { SeedText } from "./seed-text.ts";

/** Text of the seed documents, by seed; null: there is none, and lines are told by number. */
export type Sources = ReadonlyMap<string, SeedText> | null;

/** Where lines are, in the text if there is one. */
type Locate = (first: number, last?: number) => Place;

const locator = (text: SeedText | undefined): Locate => (first, last = first) => {
  const line = text?.[first] ?? "";
  const end = text?.[last]?.length ?? 1;
  return {
    start: { line: first, column: line.length - line.trimStart().length },
    end: { line: last, column: Math.max(end, 1) },
  };
};

/** What Istanbul is given for a file of the kernel. */
function fileCoverage(path: string, functions: readonly FunctionLines[], text?: SeedText): FileCoverageData {
  const at = locator(text);
  const statements = functions.flatMap(({ reached }) => reached.map(([line, times]) => [at(line), times ?? 0] as const));
  const named = functions.map(({ symbol, lines, calls }): readonly [FunctionMapping, number] =>
    [{ name: symbol, line: lines[0], decl: at(lines[0]), loc: at(lines[0], lines[1]) }, calls]);
  const branches = functions.flatMap(({ arms }) => branchesOf(arms, at));
  const numbered = <T>(list: readonly T[]): Record<string, T> => Object.fromEntries(list.map((each, i) => [String(i), each]));
  return {
    path,
    statementMap: numbered(statements.map(([place]) => place)),
    s: numbered(statements.map(([, times]) => times)),
    fnMap: numbered(named.map(([mapping]) => mapping)),
    f: numbered(named.map(([, calls]) => calls)),
    branchMap: numbered(branches.map(([mapping]) => mapping)),
    b: numbered(branches.map(([, taken]) => taken)),
  };
}

/** An arm and the other one of its `if` are one branch. */
function branchesOf(arms: readonly Arm[], at: Locate): readonly (readonly [BranchMapping, number[]])[] {
  return arms.flatMap((arm, i) => {
    if (arm.otherwise) return [];
    const next = arms[i + 1];
    const both = next?.otherwise === true ? [arm, next] : [arm];
    const loc = at(arm.first, arm.last);
    return [[{ loc, type: both.length === 2 ? "if" : "branch", locations: both.map(() => loc), line: arm.first }, both.map(({ taken }) => taken)]];
  });
}

/** Writes `lcov.info` and `lines.txt` into a folder, and where there is text a page for each file into `html/`. */
export function writeReports(folder: string, functions: readonly FunctionLines[], sources: Sources): void {
  const paths = [...new Set(functions.map(({ kernelFile }) => kernelFile))];
  const texts = new Map<string, string>();
  const map = libCoverage.createCoverageMap({});
  for (const path of paths) {
    const own = functions.filter(({ kernelFile }) => kernelFile === path);
    const text = sources?.get(own[0]?.seed ?? "");
    if (text !== undefined) texts.set(path, text.slice(1).join("\n"));
    map.addFileCoverage(fileCoverage(path, own, text));
  }
  const context = libReport.createContext({
    dir: folder,
    coverageMap: map,
    sourceFinder: (path) => texts.get(path) ?? "",
  });
  try {
    reports.create("lcovonly", { file: "lcov.info" }).execute(context);
    reports.create("text", { file: "lines.txt", maxCols: 160 }).execute(context);
    if (sources !== null) reports.create("html", { subdir: "html", skipEmpty: false }).execute(context);
  } catch (error) {
    throw new UsageError(`--out: cannot write to ${quote(folder)}: ${oneLine(messageOf(error))}`);
  }
}
