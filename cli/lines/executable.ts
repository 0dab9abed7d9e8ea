/** Which lines of a C function are code that runs, as far as the text tells. */
import type { SeedText } from "./seed-text.ts";

/** First and last line, both of it. */
export type Range = readonly [first: number, last: number];

/** The lines of a function. */
export interface Executable {
  /** Lines that hold a part of a statement that does something. */
  readonly executable: readonly Range[];
  /** The same under conditions of the preprocessor that do not hold: see {@link SWITCHED_OFF}. */
  readonly switchedOff: readonly Range[];
}

/**
 * Conditions that do not hold in the kernel that is modelled: debugging output of addresses, the packet filter, and protocols
 * other than INET and INET6. INVARIANTS, ALTQ, IFPOLL_ENABLE and COMPAT_43 hold; the machine is little-endian.
 */
const SWITCHED_OFF = /^#\s*(?:ifdef\s+(?:IFADDR_DEBUG(?:_VERBOSE)?|IPX|NETATALK)|if\s+NPF\s*>\s*0|ifndef\s+COMPAT_43)\b/;

const NAME = String.raw`[A-Za-z_]\w*`;
const DECLARED = String.raw`\**\s*${NAME}(?:\s*\[[^\]]*\])*`;
/** A declaration that only declares. */
const DECLARATION = new RegExp(
  String.raw`^(?:(?:const|static|volatile|struct|union|unsigned|register)\s+)*${NAME}(?:\s+|\s*(?=\*))${DECLARED}(?:\s*,\s*${DECLARED})*\s*;$`,
);
const NO_CODE = /^(?:[{}\s]|else\b|do\b|break\s*;|default\s*:|case\b[^:]*:|(?!default\b)[A-Za-z_]\w*\s*:(?!:))*$/;

/** Works it out. A `break` runs where it is an arm of an `if`; where it ends a `case` it is taken for its end. `lines`: of the function in `text`. */
export function executableLines(text: SeedText, [first, last]: Range): Executable {
  const code = withoutComments(text.slice(first, last + 1).join("\n")).split("\n");
  const body = code.findIndex((line) => line.startsWith("{"));
  const off = switchedOff(code);
  const found: number[] = [];
  let statement: number[] = [];
  let words = "";
  /** The next line is an arm of its own. */
  let arm = false;
  code.forEach((line, i) => {
    if (i <= body || /^\s*(?:#|$)/.test(line)) return;
    if (NO_CODE.test(line)) {
      if (arm && /\bbreak\b/.test(line)) found.push(i);
      arm = /\belse\s*$/.test(line);
      return;
    }
    statement.push(i);
    words += ` ${line.trim()}`;
    if (!/[;{}:]\s*$/.test(line) && !isHead(words)) return;
    if (!isDeclaration(words)) found.push(...statement);
    arm = isHead(words);
    statement = [];
    words = "";
  });
  found.push(...statement);
  const toRanges = (those: readonly number[]): readonly Range[] => rangesOf(those.map((i) => first + i));
  return {
    executable: toRanges(found.filter((i) => off[i] !== true)),
    switchedOff: toRanges(found.filter((i) => off[i] === true)),
  };
}

/** `if (…)`, `for (…)`, `while (…)`: complete when its parentheses are. */
const isHead = (words: string): boolean => /^\s*(?:\}?\s*else\s+)?(?:if|for|while|switch)\b/.test(words)
  && words.replaceAll(/[^(]/g, "").length === words.replaceAll(/[^)]/g, "").length;

function isDeclaration(words: string): boolean {
  const text = words.trim().replace(/\b__unused\b/g, "");
  return !/^(?:return|goto)\b/.test(text) && !text.includes("=") && DECLARATION.test(text);
}

/** Spaces for comments and for what is in quotes; lines stay. */
function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g, (found) =>
    found.startsWith("/") ? found.replaceAll(/[^\n]/g, " ") : found.replaceAll(/[^"']/g, "x"));
}

/** Whether each line lies under a condition that does not hold, or behind the `#else` of one that does. */
function switchedOff(code: readonly string[]): readonly boolean[] {
  const stack: boolean[] = [];
  return code.map((line) => {
    if (/^\s*#\s*if/.test(line)) stack.push(SWITCHED_OFF.test(line.trim()));
    else if (/^\s*#\s*else/.test(line)) stack.push(stack.pop() !== true);
    else if (/^\s*#\s*endif/.test(line)) stack.pop();
    return stack.includes(true);
  });
}

function rangesOf(lines: readonly number[]): readonly Range[] {
  const ranges: [number, number][] = [];
  for (const line of lines) {
    const open = ranges.at(-1);
    if (open?.[1] === line - 1) open[1] = line;
    else ranges.push([line, line]);
  }
  return ranges;
}
