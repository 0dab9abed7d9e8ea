/** The index of a check: what was run, what came of it, where the pages are. No script is in it. */
import type { FailureReport } from "../anatomy.ts";
import { causeOf, causeText } from "../classes.ts";
import { faultLine, type Ending } from "../reporter.ts";
import type { CauseResult, FindingResult, Results, ScenarioResult, Verdict } from "../results.ts";
import { newFailures } from "../summary.ts";
import { count } from "../text.ts";
import { documentHead, escaped, policy } from "./page.ts";

/** A page that was written. */
export interface IndexLink extends Pick<FailureReport, "failure" | "scenario" | "fingerprint" | "found"> {
  readonly file: string;
}

/** The text of the page. */
export function indexHtml(ending: Ending, links: readonly IndexLink[], style: string, styleHash: string): string {
  const { results, fault } = ending;
  return [
    documentHead("Check", style, policy([], styleHash)),
    head(results),
    '<main class="index">',
    fault === null ? "" : `<p class="failure">${escaped(faultLine(fault))}</p>`,
    tiles(results),
    failures(links, results.causes),
    scenarios(results.scenarios),
    findings(results.findings),
    properties(results),
    plan(results),
    "</main></body></html>",
    "",
  ].filter((part) => part !== "").join("\n");
}

const VERDICTS: Readonly<Record<Verdict, string>> = { "passed": "passed", "failed": "failed", "known": "known failures only", "inconclusive": "inconclusive", "not-run": "not run" };

const pill = (verdict: Verdict): string => `<span class="pill ${verdict}">${VERDICTS[verdict]}</span>`;

function head(results: Results): string {
  const { totals, seed, variant, version, complete, timing, interrupted } = results;
  const fresh = newFailures(results);
  const how = [
    `seed ${String(seed)}`,
    ...(variant === null ? [] : [`variant ${variant}`]),
    `${timing.seconds.toFixed(1)} s`,
    timing.started.slice(0, 16).replace("T", " "),
    ...(complete ? [] : [interrupted === null ? "ended early" : `ended by ${interrupted}`]),
  ];
  return [
    '<header class="head">',
    `<div class="bar"><b>Interlock</b>${pill(totals.verdict)}<span>${escaped(how.join(" · "))}</span><span class="grow"></span><span>${escaped(version)}</span></div>`,
    `<h1>${fresh === 0 ? "No new failure" : count(fresh, "new failure")} in ${count(totals.scenarios, "scenario")}</h1>`,
    "</header>",
  ].join("\n");
}

const number = (n: number): string => String(Math.round(n)).replaceAll(/\B(?=(\d{3})+$)/g, ",");

/** A number, what it is, and which part of all it is, where that can be said. */
type Tile = readonly [value: string, label: string, part?: number];

function tiles({ totals, timing, coverage }: Results): string {
  const all: Tile[] = [
    [number(totals.runs), "runs"],
    [number(totals.distinctSchedules), "distinct schedules"],
    [number(totals.steps), "steps"],
    [number(totals.switches), "switches"],
    [number(timing.runsPerSecond), "runs a second"],
    [String(totals.known), "known failures"],
    ...(totals.stale === 0 ? [] : [[String(totals.stale), "stale findings"] as const]),
    ...(totals.inconclusiveRuns === 0 ? [] : [[number(totals.inconclusiveRuns), "runs that hit a bound"] as const]),
    ...(coverage === null ? [] : coverageTiles(coverage)),
  ];
  return `<div class="tiles">${all.map(([value, label, part = null]) => `<div class="tile"><b>${escaped(value)}</b><span>${escaped(label)}</span>${part === null ? "" : bar(part, 1, "bar-good", `${String(Math.round(100 * part))} % of them`)}</div>`).join("")}</div>`;
}

const coverageTiles = ({ orders, branches, errnos }: NonNullable<Results["coverage"]>): readonly Tile[] =>
  Object.entries({ orders, branches, errnos }).map(([name, { covered, of }]): Tile => [`${String(covered)} / ${String(of)}`, `${name} covered`, of === 0 ? 0 : covered / of]);

function failures(links: readonly IndexLink[], causes: readonly CauseResult[]): string {
  if (links.length === 0) return "";
  const of = (cause: CauseResult): readonly IndexLink[] => links.filter(({ fingerprint }) => causeOf([cause], fingerprint) !== undefined);
  const rest = links.filter(({ fingerprint }) => causeOf(causes, fingerprint) === undefined);
  const parts = [...causes.map((cause) => `<h3>${escaped(causeText(cause))}</h3>${of(cause).map(row).join("\n")}`), ...rest.map(row)];
  return `<h2>Failures by cause, each with a page that runs it again</h2>${parts.join("\n")}`;
}

const row = ({ file, failure, scenario, fingerprint, found }: IndexLink): string => [
  '<div class="failure">',
  `<a href="${escaped(file)}">${escaped(failure.id)}</a> <span class="pill">${escaped(failure.kind)}</span>`,
  `<div>${escaped(failure.message)}</div>`,
  `<p>in ${escaped(scenario)} · ${escaped(fingerprint)}${(found?.runs ?? null) === null ? "" : ` · ${count(found?.runs ?? 0, "run")} failed so`}</p>`,
  "</div>",
].join("");

/** One bar: how the runs of a scenario differed. */
function bar(part: number, all: number, kind: string, label: string): string {
  const width = 120;
  const filled = all === 0 ? 0 : Math.max(part > 0 ? 2 : 0, Math.round((width * part) / all));
  return `<svg width="${String(width)}" height="10" role="img" aria-label="${escaped(label)}"><rect class="bar-rest" width="${String(width)}" height="10" rx="5"/><rect class="${kind}" width="${String(filled)}" height="10" rx="5"/></svg>`;
}

function scenarios(all: readonly ScenarioResult[]): string {
  const most = Math.max(1, ...all.map(({ steps, runs }) => steps / Math.max(1, runs)));
  const rows = all.map((scenario) => {
    const { name, runs, steps, distinctSchedules, verdict, failures: found, unreached, inconclusiveRuns } = scenario;
    const mean = runs === 0 ? 0 : steps / runs;
    const notes = [
      ...found.filter(({ known }) => !known).map(({ property }) => property),
      ...(found.some(({ known }) => known) ? [count(found.filter(({ known }) => known).length, "known failure")] : []),
      ...(inconclusiveRuns > 0 ? [`${String(inconclusiveRuns)} hit a bound`] : []),
      ...(unreached.length > 0 ? [`not reached: ${unreached.join(", ")}`] : []),
    ];
    return `<tr><th scope="row">${escaped(name)}</th><td>${pill(verdict)}</td><td class="n">${number(runs)}</td>`
      + `<td>${bar(distinctSchedules, runs, "bar-good", `${String(distinctSchedules)} of ${String(runs)} runs had a schedule of their own`)}</td>`
      + `<td class="n">${number(mean)}</td><td>${bar(mean, most, "bar-plain", `${number(mean)} steps a run`)}</td><td>${escaped(notes.join("; "))}</td></tr>`;
  });
  return table("Scenarios", "", ["scenario", "verdict", "runs", "distinct schedules", "steps a run", WIDE, "notes"], rows);
}

function findings(all: readonly FindingResult[]): string {
  const tried = all.filter(({ status }) => status !== "not-tried");
  const rest = all.length - tried.length;
  const rows = tried.map(({ name, property, status }) =>
    `<tr><th scope="row">${escaped(name)}</th><td>${escaped(property)}</td><td><span class="pill ${status === "known" ? "passed" : status === "stale" ? "" : "not-run"}">${status}</span></td></tr>`);
  const caption = `Failures that are known, replayed first${rest === 0 ? "" : `; ${String(rest)} of other scenarios or variants were not tried`}. interlock replay findings/NAME.json --format html makes a page of one.`;
  return table("Findings", caption, ["finding", "property", "status"], rows);
}

function properties({ properties: all, unreached, scenarios: ran }: Results): string {
  const rows = all.map(({ name, kind, promise }) => {
    const failing = ran.flatMap(({ failures: found }) => found).filter(({ property, known }) => property === name && !known).length;
    const told = failing > 0 ? '<span class="pill">broken</span>' : unreached.includes(name) ? '<span class="pill inconclusive">not reached</span>' : `<span class="pill passed">${kind === "sometimes" ? "reached" : "holds"}</span>`;
    return `<tr><th scope="row">${escaped(name)}</th><td>${kind}</td><td>${told}</td><td>${escaped(promise)}</td></tr>`;
  });
  return table("Promises", "", ["promise", "kind", "came to", "what is promised"], rows);
}

function plan({ plan: rows }: Results): string {
  const cells = rows.map(({ scenario, strategy, parameters, firstSeed, runs }) => {
    const words = Object.entries(parameters).map(([key, value]) => `${key}=${String(value)}`).join(", ");
    return `<tr><th scope="row">${escaped(scenario)}</th><td>${escaped(words === "" ? strategy : `${strategy} (${words})`)}</td><td class="n">${String(firstSeed)} to ${String(firstSeed + runs - 1)}</td><td class="n">${number(runs)}</td></tr>`;
  });
  return table("Plan", "", ["scenario", "strategy", "seeds", "runs"], cells);
}

/** The column before has no head of its own. */
const WIDE = "";

function table(title: string, caption: string, heads: readonly string[], rows: readonly string[]): string {
  if (rows.length === 0) return "";
  const told = caption === "" ? "" : `<caption>${escaped(caption)}</caption>`;
  const columns = heads.flatMap((name, i) => (name === WIDE ? [] : [`<th scope="col"${heads[i + 1] === WIDE ? ' colspan="2"' : ""}>${escaped(name)}</th>`])).join("");
  return `<h2>${escaped(title)}</h2><div class="wide" tabindex="0" role="region" aria-label="${escaped(title)}"><table>${told}<thead><tr>${columns}</tr></thead><tbody>${rows.join("\n")}</tbody></table></div>`;
}
