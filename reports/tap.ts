/**
 * TAP 14 on standard output: a subtest per scenario, a test point per property. Known findings are still to do: not ok,
 * and no reason to fail.
 */
import { suitesOf, type Case, type Suite } from "./cases.ts";
import type { Ending, Reporter } from "./reporter.ts";
import { oneLine, printable } from "./text.ts";

/** Prints TAP; everything else goes to standard error. */
export const tapReporter: Reporter = {
  ownsStdout: true,
  end: (ending) => ({ print: tapLines(ending) }),
};

/** The document. A fault of Interlock bails out: nothing after it means anything. */
export function tapLines(ending: Ending): readonly string[] {
  const { fault } = ending;
  const suites = suitesOf(ending);
  return [
    "TAP version 14",
    `1..${String(suites.length)}`,
    ...(fault === null
      ? suites.flatMap((suite, i) => suiteLines(suite, i + 1))
      : [`Bail out! ${oneLine(fault.message)}`]),
  ];
}

const indented = (lines: readonly string[], by: string): readonly string[] =>
  lines.map((line) => (line === "" ? "" : by + line));

function suiteLines({ name, cases }: Suite, id: number): readonly string[] {
  const failed = cases.some(({ status }) => status === "failed" || status === "error");
  return [
    `# Subtest: ${escaped(name)}`,
    ...indented([`1..${String(cases.length)}`, ...cases.flatMap((one, i) => caseLines(one, i + 1))], "    "),
    `${failed ? "not ok" : "ok"} ${String(id)} - ${escaped(name)}`,
  ];
}

/** What `#` and `\` mean in a description, they mean no longer. */
const escaped = (text: string): string => oneLine(text).replaceAll(/[\\#]/g, "\\$&");

const LINES: Readonly<Record<Case["status"], readonly [string, string]>> = {
  passed: ["ok", ""],
  failed: ["not ok", ""],
  error: ["not ok", ""],
  known: ["not ok", " # Todo "],
  skipped: ["ok", " # Skip "],
};

function caseLines(one: Case, id: number): readonly string[] {
  const { name, status, message } = one;
  const [ok, directive] = LINES[status];
  const reason = directive === "" ? "" : directive + escaped(message);
  const point = `${ok} ${String(id)} - ${escaped(name)}${reason}`;
  return ok === "ok" ? [point] : [point, ...indented(diagnostics(one), "  ")];
}

/** A YAML document; quoted scalars are JSON, which YAML reads. */
function diagnostics({ type, message, text }: Case): readonly string[] {
  const lines = printable(text).split("\n");
  return [
    "---",
    `message: ${JSON.stringify(printable(message))}`,
    `type: ${JSON.stringify(type)}`,
    ...(text === "" ? [] : ["counterexample: |2-", ...indented(lines, "  ")]),
    "...",
  ];
}
