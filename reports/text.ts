/** Text for terminals: widths, padding, wrapping. Widths are counted in characters; model names are ASCII. */

/** Cuts in the middle, where the ends tell more: `netisr_cpu…ifnet0`. */
export function shorten(text: string, width: number): string {
  if (text.length <= width) return text;
  if (width <= 1) return text.slice(0, width);
  const head = Math.ceil((width - 1) * 0.6);
  return `${text.slice(0, head)}…${text.slice(text.length - (width - 1 - head))}`;
}

/** Wraps at spaces, or inside a word that is too long; continuation lines are indented by `hang`. */
export function wrap(text: string, width: number, hang = 0): readonly string[] {
  const lines: string[] = [];
  const indent = " ".repeat(Math.min(hang, Math.max(0, width - 8)));
  let rest = text;
  while (rest.length > width) {
    const space = rest.lastIndexOf(" ", width);
    const cut = space > rest.search(/\S/) ? space : width;
    lines.push(rest.slice(0, cut).trimEnd());
    rest = indent + rest.slice(cut).trimStart();
  }
  lines.push(rest);
  return lines;
}

/**
 * Text as XML 1.0 and YAML can hold it: line feed is the only end of a line, and U+FFFD stands for a control character,
 * half a surrogate pair, or what these formats take for a mark of their own.
 */
export const printable = (text: string): string =>
  text.replaceAll(/\r\n?/g, "\n").replaceAll(/(?![\t\n])[\p{Cc}\p{Cs}\u2028\u2029\ufeff\ufffe\uffff]/gu, "\ufffd");

/** The same on one line. */
export const oneLine = (text: string): string => printable(text).replaceAll(/\s+/g, " ").trim();

/** `1 run`, `2 runs`. */
export const count = (n: number, noun: string): string =>
  `${String(n)} ${noun}${n === 1 ? "" : "s"}`;

/** Colours, or none. */
export interface Paint {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

const same = (text: string): string => text;

/** No colours. */
export const PLAIN_PAINT: Paint = { bold: same, dim: same, red: same, green: same, yellow: same };
