import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { causeResult, endingOf, failedEnding, hostileEnding, reportOf, resultOf, resultsOf, scenarioOf } from "../test-ending.ts";
import { eventsOf, hostileRun } from "../test-events.ts";
import { indexHtml } from "./index-page.ts";
import { annotated, differences, notesOf } from "./notes.ts";
import { escaped, pageHtml, type PageCode } from "./page.ts";
import { htmlReporter } from "./reporter.ts";

const CODE: PageCode = { engine: "var interlockEngine;", view: "view()", style: "p{}", hashes: { engine: "sha256-ENGINE", view: "sha256-VIEW", style: "sha256-STYLE" } };

/** The tags of a page in their order, and whether anything is left that could be one. */
function tagsOf(html: string): readonly string[] {
  return [...html.replaceAll(/<(script|style)\b[^>]*>[^]*?<\/\1>/g, "<$1>").matchAll(/<([a-z!/][a-z0-9]*)/gi)].map(([, name = ""]) => name);
}

describe("a page", () => {
  it("allows nothing but its own code", () => {
    const html = pageHtml(reportOf(), CODE, "QUJD");
    const [, allowed] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)!;

    expect(allowed).toBe("default-src 'none'; script-src 'sha256-ENGINE' 'sha256-VIEW'; style-src 'sha256-STYLE'; base-uri 'none'; form-action 'none'");
    expect(html).not.toMatch(/unsafe|https?:|src=|href=|javascript:/);
  });

  it("has the same tags whatever the names are", () => {
    fc.assert(fc.property(hostileRun, (run) => {
      const html = pageHtml({ ...reportOf(), ...run, failure: run.failure! }, CODE, "QUJD");
      const plain = pageHtml({ ...reportOf(), failure: { ...run.failure!, id: "id", message: "m", facts: [["a", "b"]] } }, CODE, "QUJD");
      expect(tagsOf(html)).toEqual(tagsOf(plain));
    }), { numRuns: 200 });
  });

  it("takes packed data only", () => {
    expect(() => pageHtml(reportOf(), CODE, "</script>")).toThrow("packed data");
  });

  it("escapes what HTML reads", () => {
    expect(escaped(`<a b="c">'&\`\u0000\ud800`)).toBe("&lt;a b=&quot;c&quot;&gt;&#39;&amp;&#96;\ufffd\ufffd");
  });
});

describe("the index", () => {
  it("has the same tags whatever the names are, and no script", () => {
    fc.assert(fc.property(hostileEnding, (ending) => {
      const links = ending.failures.map(({ failure, scenario, fingerprint, found }) => ({ file: "x.html", failure, scenario, fingerprint, found }));
      const html = indexHtml(ending, links, CODE.style, CODE.hashes.style);
      const usual = failedEnding();
      const plain = indexHtml(usual, [{ ...usual.failures[0]!, file: "x.html" }], CODE.style, CODE.hashes.style);
      expect(tagsOf(html)).toEqual(tagsOf(plain));
      expect(html).toContain("script-src 'none'");
    }), { numRuns: 100 });
  });

  it("links to the page of each failure, and tells of every scenario and promise", async () => {
    const reporter = htmlReporter({ page: (report) => Promise.resolve(`page of ${report.failure.id}`), code: () => Promise.resolve(CODE) });
    const ending = failedEnding();
    const files = { ...(await reporter.failure?.(ending.failures[0]!, { events: () => Promise.resolve(eventsOf()) }))?.files, ...(await reporter.end?.(ending))?.files };
    const index = files["index.html"] ?? "";

    expect(Object.keys(files)).toEqual(["run-two-senders.no-lost-start.c07306262df53c34.html", "index.html"]);
    expect(index).toContain('<a href="run-two-senders.no-lost-start.c07306262df53c34.html">no-lost-start</a>');
    for (const text of ["one-sender", "queue-limit", "Nobody waits for ever.", "77 of 80 runs"]) expect(index).toContain(text);
  });

  it("counts in its heading what is new: neither a finding nor a regression that is still there", () => {
    const failure = (fingerprint: string) => ({ ...resultOf(reportOf()), fingerprint });
    const scenarios = [scenarioOf("one", { verdict: "failed", failures: [failure("aa"), failure("bb")] })];
    const regressions = [{ name: "old", property: "no-lost-start", fingerprint: "aa", status: "reproduced" as const, matched: null }];

    expect(indexHtml(endingOf(resultsOf(scenarios)), [], "", "sha256-x")).toContain("<h1>2 new failures in 1 scenario</h1>");
    expect(indexHtml(endingOf(resultsOf(scenarios, { regressions })), [], "", "sha256-x")).toContain("<h1>1 new failure in 1 scenario</h1>");
  });

  it("puts failures of one cause under one heading, and those of a regression behind", () => {
    const [a, b, other] = [reportOf("one", { fingerprint: "a" }), reportOf("two", { fingerprint: "b" }), reportOf("three", { fingerprint: "c" })];
    const links = [a, other, b].map((report) => ({ ...report, file: `${report.scenario}.html` }));
    const index = indexHtml(endingOf(resultsOf([], { causes: [causeResult(a, [b])] })), links, "", "sha256-x");

    expect([...index.matchAll(/<h3>([^<]*)<\/h3>|<a href="(\w+)\.html">/g)].map(([, heading, file]) => heading ?? file)).toEqual([
      "class 00112233445566aa, 1012 runs of Violation no-lost-start: passes if no-lost-start comes later", "one", "two", "three",
    ]);
  });

  it("tells of coverage, findings and faults where there are any", () => {
    const results = resultsOf([scenarioOf("one")], {
      coverage: { orders: { covered: 3, of: 4 }, branches: { covered: 5, of: 6 }, errnos: { covered: 7, of: 8 } },
      findings: [{ name: "known-one", property: "p", fingerprint: "f", status: "stale" }],
    });
    const index = indexHtml(endingOf(results, { fault: { whose: "interlock", message: "oh", details: [] } }), [], "", "sha256-x");

    for (const text of ["3 / 4", "orders covered", "known-one", "fault of Interlock, not of the kernel: oh"]) expect(index).toContain(text);
  });
});

describe("notes", () => {
  it("put back what a page cannot see", () => {
    const run = { ...eventsOf(), slice: [0, 3] };
    const bare = { ...run, stacks: [[]], places: run.places.slice(0, 1), evidence: [], slice: [], events: run.events.map((event) => ({ ...event, stack: 0, place: 0 })) };

    expect(annotated(bare, notesOf(run))).toEqual(run);
  });

  it("are for the same run, to the bit", () => {
    const mark = { log: "1", steps: 2, switches: 3, outcome: "failed", failure: "Violation x" } as const;

    expect(differences(mark, mark)).toEqual([]);
    expect(differences({ ...mark, log: "2", failure: "" }, mark)).toEqual(["failure none instead of Violation x", "log 2 instead of 1"]);
  });
});
