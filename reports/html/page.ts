/**
 * A page as text. What is not code is escaped, or lies in the packed data, which has no character that means anything; code is
 * what the policy names by its hash, and nothing else: no request, no text that is evaluated.
 */
import type { FailureReport } from "../anatomy.ts";
import { count } from "../text.ts";

/** The code of a page, and what the policy calls it: `sha256-…` of the exact text. */
export interface PageCode {
  readonly engine: string;
  readonly view: string;
  readonly style: string;
  readonly hashes: { readonly engine: string; readonly view: string; readonly style: string };
}

/** What the head says. */
export interface PageHead extends Pick<FailureReport, "scenario" | "token" | "found" | "shrunk"> {
  readonly failure: FailureReport["failure"] | null;
  readonly site: FailureReport["site"];
}

/** Text as HTML. */
export const escaped = (text: string): string =>
  text.replaceAll(/[&<>"'`\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ud800-\udfff]/gu, (found) => ESCAPES[found] ?? "\ufffd");

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "`": "&#96;" };

/** The page of a run. `packed`: its data, compressed, as base64. */
export function pageHtml(head: PageHead, { engine, view, style, hashes }: PageCode, packed: string): string {
  if (!/^[A-Za-z0-9+/=]*$/.test(packed)) throw new Error("packed data has other characters than base64");
  const { failure, scenario } = head;
  const title = failure === null ? scenario : `${failure.id} in ${scenario}`;
  return [
    documentHead(title, style, policy([hashes.engine, hashes.view], hashes.style)),
    headOf(head),
    `<main id="app" aria-label="The run"><noscript><p class="inspector">The run is executed in this page, by its own script, which is switched off here.</p></noscript></main>`,
    `<script type="application/octet-stream" id="data">${packed}</script>`,
    `<script>${engine}</script>`,
    `<script>${view}</script>`,
    "</body></html>",
    "",
  ].join("\n");
}

/** What a page may do: run and show what is in it. */
export const policy = (scripts: readonly string[], style: string): string => [
  "default-src 'none'",
  `script-src ${scripts.length === 0 ? "'none'" : scripts.map((hash) => `'${hash}'`).join(" ")}`,
  `style-src '${style}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** The beginning of a page, up to its body. */
export const documentHead = (title: string, style: string, allowed: string): string => [
  "<!doctype html>",
  '<html lang="en"><head><meta charset="utf-8">',
  `<meta http-equiv="Content-Security-Policy" content="${escaped(allowed).replaceAll("&#39;", "'")}">`,
  '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">',
  `<title>${escaped(title)} · Interlock</title>`,
  `<style>${style}</style></head><body>`,
].join("\n");

function headOf(head: PageHead): string {
  const { failure, scenario, token } = head;
  const pill = failure === null ? '<span class="pill passed">passes</span>' : `<span class="pill">${escaped(failure.kind)}</span>`;
  const facts = factsOf(head).map(([label, value]) => `<div><dt>${escaped(label)}</dt><dd>${escaped(value)}</dd></div>`);
  return [
    '<header class="head">',
    `<div class="bar"><b>Interlock</b>${pill}<span>${escaped(scenario)}</span><span class="grow"></span><span id="theme"></span></div>`,
    `<h1>${escaped(failure === null ? "Every promise holds in this run." : failure.message)}</h1>`,
    failure === null ? "" : `<p class="id"><code>${escaped(failure.id)}</code></p>`,
    `<dl class="facts">${facts.join("")}</dl>`,
    `<details><summary>replay it in a terminal</summary><code>npx interlock replay ${escaped(token)}</code></details>`,
    '<p id="status" role="status">This page runs it again …</p>',
    "</header>",
  ].join("\n");
}

function factsOf({ failure, site, found, shrunk }: PageHead): readonly (readonly [string, string])[] {
  const facts: (readonly [string, string])[] = [];
  if (site !== null) facts.push(["at", `${site.context ?? "quiescence"}, after step ${String(site.step)}`]);
  for (const [label, value] of failure?.facts ?? []) facts.push([label, value]);
  for (const wait of failure?.waits ?? []) facts.push([wait.context, `waits for ${wait.for}${wait.heldBy === null ? "" : `, held by ${wait.heldBy}`}`]);
  if (found !== null) facts.push(["found by", `${found.strategy}, seed ${String(found.seed)}${found.runs === null ? "" : `; ${count(found.runs, "run")} failed so`}`]);
  if (found !== null && shrunk !== null) facts.push(["shrunk", `${String(found.steps)} to ${String(shrunk.steps)} steps, ${String(found.switches)} to ${String(shrunk.switches)} switches`]);
  return facts;
}
