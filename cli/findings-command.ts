/** `findings`: what is known to be wrong with the seed, one entry after the other. */
import { join } from "node:path";
import { columns } from "../reports/index.ts";
import { Exit } from "./exit-codes.ts";
import { loadFindings, type Finding } from "./findings.ts";
import { paintOf, say, type Io } from "./io.ts";
import { listVariants } from "./variants.ts";

/** What is told of an entry; with `--json`, all of it. */
interface Told {
  readonly name: string;
  readonly kind: string;
  readonly property: string;
  readonly scenario: string | null;
  /** Lines of the seed that the reason names, as it names them. */
  readonly lines: readonly string[];
  /** The variant under which the same search passes; null: none is kept. */
  readonly fix: string | null;
  /** Other failures that the entry answers for; null: none. */
  readonly claims: Finding["claims"];
  readonly fingerprint: string;
  readonly reason: string;
  /** The page with the whole story; null: the reason is all. */
  readonly page: string | null;
  readonly token: string;
}

/** Runs the command; returns the exit code. */
export function findings(io: Io, json: boolean): Exit {
  const fixes = new Set(listVariants(io.root).map(({ name }) => name));
  const all = loadFindings(join(io.root, "findings")).map((finding) => told(finding, fixes));
  if (json) {
    io.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
    return Exit.Passed;
  }
  const { bold, dim } = paintOf(io.stdout);
  const rows = all.map(({ name, kind, property, scenario, lines, fix }) =>
    [name, `${kind} ${property}`, scenario ?? "", lines.join("; "), fix ?? "no fix"]);
  say(io, [bold("name, how it shows, scenario, lines of the seed, fix"), "", ...columns(rows), ""]);
  const fixed = all.filter(({ fix }) => fix !== null).length;
  say(io, [
    `${String(all.length)} findings, ${String(fixed)} of them with a fix`,
    dim("interlock replay findings/NAME.json shows one; findings/NAME.md and docs/findings.md tell its story"),
  ]);
  return Exit.Passed;
}

function told({ name, kind, property, scenario, fix, claims, fingerprint, reason, token, page }: Finding, fixes: ReadonlySet<string>): Told {
  return {
    name,
    kind,
    property,
    scenario,
    lines: linesIn(reason),
    fix: fix !== null && fixes.has(fix) ? fix : null,
    claims,
    fingerprint,
    reason,
    page: page ? `findings/${name}.md` : null,
    token,
  };
}

const NUMBERS = String.raw`[0-9]{2,4}(?: to [0-9]{2,4})?`;
const LINES = new RegExp(String.raw`\blines? (${NUMBERS}(?:(?:, and |, | and )${NUMBERS})*)`, "g");

/** `line 82`, `lines 2513 and 2543`: what stands behind the word. */
const linesIn = (reason: string): readonly string[] => [...new Set([...reason.matchAll(LINES)].map(([, numbers = ""]) => numbers))];
