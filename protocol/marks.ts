/**
 * Marks of the lines of the C: a comment `//@ 303-307` on a line of its own says that whoever comes here executes those lines
 * of the seed. Here they are read off a source text, and turned into counters ({@link countMarks}); see docs/kernel-map.md.
 *
 * What a mark is about is told from the text as the house lays it out: a block opens at the end of a line and closes with a
 * line of the same indentation. The tidy test holds every mark against the syntax tree.
 */

/** Where a mark stands: first in a function's body, in an arm of an `if`, in a `case`, in a loop's body; or before a statement. */
export type Role = "body" | "then" | "else" | "case" | "loop" | "plain";

/** A mark. */
export interface Mark {
  /** Its line in the source text, counted from 0. */
  readonly at: number;
  readonly seed: string;
  readonly first: number;
  readonly last: number;
  readonly role: Role;
  /** Of the other arm of its `if`, where that has no mark of its own: the line where that arm can be counted. */
  readonly other: number | null;
}

/** The marks of a text, and what is written like one and is none. */
export interface Marks {
  readonly marks: readonly Mark[];
  /** Lines, counted from 0. */
  readonly malformed: readonly number[];
}

const USUAL_SEED = "001";
const MARK = /^\s*\/\/@ (\d+)(?:-(\d+))?$/;
const SEED = /^\/\/@ seed (\d{3})$/;
const LIKE = /\/\/\s*@/;

/** Reads the marks of a source text. Cost: linear in it, and in the lines of the blocks that have marks. */
export function readMarks(text: string): Marks {
  const lines = text.split("\n");
  const seed = lines.map((line) => SEED.exec(line)?.[1]).find((found) => found !== undefined) ?? USUAL_SEED;
  const marks: Mark[] = [];
  const malformed: number[] = [];
  lines.forEach((line, at) => {
    if (!LIKE.test(line) || SEED.test(line)) return;
    const [, first, last = first] = MARK.exec(line) ?? [];
    if (first === undefined || Number(last) < Number(first)) malformed.push(at);
    else marks.push({ at, seed, first: Number(first), last: Number(last), ...placeOf(lines, at) });
  });
  return { marks, malformed };
}

/** `001:303-307`: the lines that a mark is about. */
export const markKey = ({ seed, first, last }: Pick<Mark, "seed" | "first" | "last">): string =>
  `${seed}:${String(first)}-${String(last)}`;

/** The key under which the other arm of the mark's `if` is counted. */
export const otherKey = (mark: Pick<Mark, "seed" | "first" | "last">): string => `${markKey(mark)} not`;

/** Every key that a text's marks are counted under, once each. */
export const keysOf = (marks: readonly Mark[]): readonly string[] =>
  [...new Set(marks.flatMap((mark) => (mark.other === null ? [markKey(mark)] : [markKey(mark), otherKey(mark)])))];

/**
 * The text with its marks as counters: `count(id)` for each, where `count` is what `from` exports as `hit`. Lines keep their
 * numbers.
 */
export function countMarks(text: string, from: string, idOf: (key: string) => number): string {
  const { marks } = readMarks(text);
  if (marks.length === 0) return text;
  const lines = text.split("\n");
  const call = (key: string): string => `$hit(${String(idOf(key))})`;
  for (const mark of marks) {
    lines[mark.at] = `${call(markKey(mark))};`;
    if (mark.other !== null) lines[mark.other] = withOther(mark.role, lines[mark.other] ?? "", call(otherKey(mark)));
  }
  return `import { hit as $hit } from ${JSON.stringify(from)}; ${lines.join("\n")}`;
}

/** The line that ends the arm with the mark, or opens the one without, with a counter for the arm without. */
function withOther(role: Role, line: string, call: string): string {
  if (role === "then" && line.includes("} else if (")) return line.replace("} else if (", `} else if (${call}, `);
  if (line.endsWith("{") || line.endsWith(";")) return `${line} ${call};`;
  return `${line} else { ${call}; }`;
}

type Place = Pick<Mark, "role" | "other">;

const indentOf = (line: string): number => line.length - line.trimStart().length;
const isSilent = (line: string): boolean => line.trim() === "" || /^\s*(?:\/\/|\/?\*)/.test(line);
const IF = /^(?:\} else )?if \(/;

function placeOf(lines: readonly string[], at: number): Place {
  const before = lines.findLastIndex((line, i) => i < at && !isSilent(line));
  const line = (lines[before] ?? "").trim();
  if (/^(?:case\b.*|default):(?: \{)?$/.test(line)) return { role: "case", other: null };
  if (!line.endsWith("{")) return { role: "plain", other: null };
  if (line === "} else {") return { role: "else", other: unmarkedThen(lines, before) };
  const head = (lines[headOf(lines, before)] ?? "").trim();
  if (IF.test(head)) return { role: "then", other: unmarkedElse(lines, before) };
  if (/^(?:for|while) \(|^do \{/.test(head)) return { role: "loop", other: null };
  if (/^(?:\} )?(?:\{|try|catch|finally|switch)\b/.test(head) || head === "{") return { role: "plain", other: null };
  return { role: "body", other: null };
}

/** The line where what opens a block at the end of `open` begins: itself, or where its parentheses open. */
function headOf(lines: readonly string[], open: number): number {
  const line = lines[open] ?? "";
  if (!line.trim().startsWith(")")) return open;
  return lines.findLastIndex((other, i) => i < open && !isSilent(other) && indentOf(other) <= indentOf(line));
}

/** Of an `if` whose first arm opens at the end of `open` and has a mark: where its other arm is, unless that has one too. */
function unmarkedElse(lines: readonly string[], open: number): number | null {
  const indent = indentOf(lines[open] ?? "");
  const end = lines.findIndex((line, i) => i > open && line.trim().startsWith("}") && indentOf(line) === indent);
  // The mark behind `else if (…) {` is about the arm of that one.
  return !(lines[end] ?? "").includes("else if (") && isMarked(lines, end) ? null : end;
}

/** The same for an `else` with a mark: where the first arm of its `if` opens. */
function unmarkedThen(lines: readonly string[], end: number): number | null {
  const indent = indentOf(lines[end] ?? "");
  const open = lines.findLastIndex((line, i) => i < end && line.endsWith("{") && indentOf(line) === indent);
  return isMarked(lines, open) ? null : open;
}

/** Is the first thing in the block that opens here a mark? */
function isMarked(lines: readonly string[], open: number): boolean {
  if (!(lines[open] ?? "").endsWith("{")) return false;
  const first = lines.find((line, i) => i > open && line.trim() !== "" && (MARK.test(line) || !isSilent(line)));
  return first !== undefined && MARK.test(first);
}
