// Checks the marks of the lines of the C (`//@ 303-307`): they stand where they are taken to stand, lie in functions of the
// seed, do not overlap, and cover what runs of every function that has one.

import ts from "typescript";
import { markKey, readMarks, type Mark } from "../../protocol/index.ts";
import type { Complaint, Source } from "./sources.ts";

type Range = readonly [first: number, last: number];

/** A row of docs/kernel-functions.json. */
export interface SeedFunction {
  readonly symbol: string;
  readonly seed: string;
  readonly lines: Range;
  readonly executable?: readonly Range[];
  readonly switchedOff?: readonly Range[];
}

interface Placed extends Mark {
  readonly path: string;
}

const complaintAt = ({ path, at }: Placed, message: string): Complaint => ({ path, line: at + 1, message });

/** The marks of all sources, and what is wrong with single ones. */
export function checkMarks(sources: readonly Source[], functions: readonly SeedFunction[]): readonly Complaint[] {
  return sources.flatMap(({ path, text }) => {
    const { marks, malformed } = readMarks(text);
    if (marks.length + malformed.length === 0) return [];
    const file = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
    return [
      ...malformed.map((at) => ({ path, line: at + 1, message: "no mark: write //@ 1234 or //@ 1234-1240, on a line of its own" })),
      ...marks.flatMap((mark) => {
        const placed = { ...mark, path };
        const wrong = placeComplaint(file, mark) ?? lineComplaint(mark, functions);
        return wrong === null ? [] : [complaintAt(placed, wrong)];
      }),
    ];
  });
}

function lineComplaint(mark: Mark, functions: readonly SeedFunction[]): string | null {
  const found = functionOf(mark, functions);
  if (found === undefined) return `${markKey(mark)} lies in no one function of the seed`;
  const code = [...found.executable ?? [], ...found.switchedOff ?? []];
  if (code.some(([first, last]) => first <= mark.last && mark.first <= last)) return null;
  return `${markKey(mark)} has no line of ${found.symbol} that runs`;
}

const functionOf = (mark: Mark, functions: readonly SeedFunction[]): SeedFunction | undefined =>
  functions.find(({ seed, lines: [first, last] }) => seed === mark.seed && first <= mark.first && mark.last <= last);

/** Marks that overlap: they may say the same lines again, but not some of them. */
export function checkOverlaps(sources: readonly Source[]): readonly Complaint[] {
  const marks = placedMarks(sources).toSorted((a, b) => a.seed.localeCompare(b.seed) || a.first - b.first || a.last - b.last);
  return marks.flatMap((mark, i) => {
    const before = marks[i - 1];
    if (before?.seed !== mark.seed || before.last < mark.first || markKey(before) === markKey(mark)) return [];
    return [complaintAt(mark, `${markKey(mark)} overlaps ${markKey(before)} of ${before.path}:${String(before.at + 1)}`)];
  });
}

/** Functions with marks, some of whose lines have none. */
export function checkCover(sources: readonly Source[], functions: readonly SeedFunction[]): readonly Complaint[] {
  const marks = placedMarks(sources);
  return functions.flatMap((one) => {
    const own = marks.filter((mark) => functionOf(mark, [one]) !== undefined);
    const [first] = own;
    if (first === undefined) return [];
    const missing = (one.executable ?? []).flatMap(linesOf)
      .filter((line) => !own.some((mark) => mark.first <= line && line <= mark.last));
    if (missing.length === 0) return [];
    return [complaintAt(first, `${one.symbol}: no mark for ${missing.map(String).join(" ")} of seed ${one.seed}`)];
  });
}

/** Functions of the seed that have marks. */
export const marked = (sources: readonly Source[], functions: readonly SeedFunction[]): ReadonlySet<SeedFunction> =>
  new Set(placedMarks(sources).flatMap((mark) => functionOf(mark, functions) ?? []));

const placedMarks = (sources: readonly Source[]): readonly Placed[] =>
  sources.flatMap(({ path, text }) => readMarks(text).marks.map((mark) => ({ ...mark, path })));

const linesOf = ([first, last]: Range): readonly number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

/** What is wrong with the place of a mark, as the syntax tree shows it. */
function placeComplaint(file: ts.SourceFile, mark: Mark): string | null {
  const text = file.text;
  const at = text.indexOf("//@", file.getPositionOfLineAndCharacter(mark.at, 0));
  const block = blockAround(file, at);
  if (block === null) return "a mark stands in a function";
  if (block.statements.some((each) => each.getStart() < at && at < each.getEnd())) return "a mark stands between statements";
  const role = roleIn(block, at);
  if (role === mark.role) return null;
  return `taken for "${mark.role}", but its place is "${role}": let the block open at the end of a line and close with one of the same indentation`;
}

type Holder = ts.Block | ts.CaseOrDefaultClause;

const isHolder = (node: ts.Node): node is Holder => ts.isBlock(node) || ts.isCaseOrDefaultClause(node);

function blockAround(node: ts.Node, at: number): Holder | null {
  let found: Holder | null = null;
  ts.forEachChild(node, (child) => {
    if (child.pos <= at && at < child.end) found = blockAround(child, at) ?? (isHolder(child) ? child : null);
  });
  return found;
}

function roleIn(block: Holder, at: number): Mark["role"] {
  if (block.statements.some((each) => each.getStart() < at)) return "plain";
  if (!ts.isBlock(block)) return "case";
  const { parent } = block;
  if (ts.isIfStatement(parent)) return parent.thenStatement === block ? "then" : "else";
  if (ts.isCaseOrDefaultClause(parent)) return "case";
  if (ts.isIterationStatement(parent, false)) return "loop";
  return ts.isFunctionLike(parent) ? "body" : "plain";
}
