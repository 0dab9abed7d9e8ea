import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { validateXML } from "xmllint-wasm";
import { junitXml } from "./junit.ts";
import { endingOf, failedEnding, hostileEnding, reportOf, resultOf, resultsOf, scenarioOf } from "./test-ending.ts";
import { printable } from "./text.ts";

const SCHEMA = readFileSync(join(import.meta.dirname, "junit-10.xsd"), "utf8");

/** An element as an independent parser reads it. */
interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

function parse(xml: string): Element {
  const root: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element = { name, attributes, children: [], text: "" };
    open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on("text", (text) => {
    open.at(-1)!.text += text;
  });
  parser.on("closetag", () => open.pop());
  parser.write(xml).close();
  return root.children[0]!;
}

const named = (element: Element, name: string): readonly Element[] => element.children.filter((child) => child.name === name);

/** `name: passed|failure|…` of every case of a suite. */
function casesOf(xml: string, suite: string): Readonly<Record<string, string>> {
  const found = named(parse(xml), "testsuite").find(({ attributes }) => attributes["name"] === suite)!;
  return Object.fromEntries(named(found, "testcase").map(({ attributes, children }) =>
    [attributes["name"]!, children.map((child) => `${child.name} ${child.attributes["message"] ?? ""}`.trim()).join(", ")]));
}

describe("junit.xml", () => {
  it("has a case for every property of every scenario, and for what the machine finds by itself", () => {
    const cases = casesOf(junitXml(failedEnding()), "one-sender");

    expect(Object.keys(cases)).toEqual([
      "no-lost-start", "queue-limit", "Panic", "Discipline", "Race", "Memory", "Stuck", "Bound",
    ]);
    expect(Object.values(cases).join("")).toBe("");
  });

  it("prints a failure with its counterexample", () => {
    const suite = named(parse(junitXml(failedEnding())), "testsuite").find(({ attributes }) => attributes["name"] === "two-senders")!;
    const [first] = named(suite, "testcase");

    expect(suite.attributes).toMatchObject({ tests: "9", failures: "1", errors: "0", skipped: "0" });
    expect(first!.attributes).toEqual({ classname: "two-senders", name: "no-lost-start" });
    expect(first!.children[0]!.attributes).toEqual({ message: "A packet waits and nobody starts.", type: "Violation" });
    expect(first!.children[0]!.text).toMatch(/^Violation {2}no-lost-start {2}in two-senders\n[^]+enter ifsq_lock[^]+npx interlock replay ilk1:two-senders[^]+\n  class 00112233445566aa, 12 runs of /);
  });

  it("skips what is known, and says so", () => {
    const failures = [resultOf(reportOf("two-senders", {}, { kind: "Race", id: "data-race" }), true)];
    const findings = [{ name: "known-race", property: "data-race", fingerprint: "c07306262df53c34", status: "known" as const }];
    const xml = junitXml(endingOf(resultsOf([scenarioOf("two-senders", { verdict: "known", failures })], { findings })));

    expect(casesOf(xml, "two-senders")["Race"]).toBe(
      "skipped known finding known-race: A packet waits and nobody starts., system-out",
    );
    expect(casesOf(xml, "findings")).toEqual({ "known-race": "" });
    expect(parse(xml).attributes).toMatchObject({ failures: "0", errors: "0" });
  });

  it("has a case for every regression that was tried", () => {
    const entry = { property: "no-lost-start", fingerprint: "c07306262df53c34", matched: null };
    const matched = { choices: 41, matched: 37, near: 1, firstMiss: "enter ifsq_lock by netisr 0 (time 2)" };
    const regressions = [
      { ...entry, name: "again", status: "reproduced" as const },
      { ...entry, name: "elsewhere", status: "changed" as const },
      { ...entry, name: "mended", status: "fixed" as const },
      { ...entry, name: "moved", status: "stale" as const, matched },
      { ...entry, name: "untried", status: "not-tried" as const },
    ];
    const report = reportOf("two-senders", { kept: "regressions/again.json" });
    const ending = failedEnding(report);
    const xml = junitXml({ ...ending, results: { ...ending.results, regressions } });

    expect(casesOf(xml, "regressions")).toEqual({
      again: "failure it still fails",
      elsewhere: "failure it fails in another way than recorded, or hits a bound",
      mended: "",
      moved: "skipped what made it fail is not reached any more; 37 of 41 choices matched (1 more by their context alone), first miss at enter ifsq_lock by netisr 0 (time 2)",
    });
    const [again] = named(parse(xml), "testsuite").find(({ attributes }) => attributes["name"] === "regressions")!.children.slice(1);
    expect(again!.children[0]!.text).toMatch(/^Violation {2}no-lost-start[^]+replay/);
  });

  it("gives a failure of a kind nobody thought of a case of its own", () => {
    const report = reportOf("two-senders", {}, { id: "not-in-the-catalogue" });

    expect(casesOf(junitXml(failedEnding(report)), "two-senders")["not-in-the-catalogue"]).toMatch(/^failure /);
  });

  it.each([[false, "skipped"], [true, "failure"]] as const)("inconclusive and stale, strict %j: %s", (strict, told) => {
    const open = scenarioOf("two-senders", { verdict: "inconclusive", inconclusiveRuns: 3, unreached: ["ring-fills"] });
    const findings = [{ name: "old", property: "data-race", fingerprint: "0", status: "stale" as const }];
    const results = resultsOf([open, scenarioOf("one-sender", { runs: 0, verdict: "not-run" })], { findings });

    const xml = junitXml(endingOf(results, { strict: { stale: strict, inconclusive: strict } }));

    expect(casesOf(xml, "two-senders")).toMatchObject({
      "no-lost-start": "",
      "ring-fills": `${told} not reached by any run`,
      "Bound": `${told} 3 of 80 runs hit a bound`,
    });
    expect(casesOf(xml, "findings")).toEqual({ old: `${told} it no longer reproduces` });
    expect(new Set(Object.values(casesOf(xml, "one-sender")))).toEqual(new Set(["skipped not run"]));
  });

  it("does not call passed what was not looked at", () => {
    const every = resultsOf([scenarioOf("two-senders", { verdict: "inconclusive", inconclusiveRuns: 80 })]);
    const cut = resultsOf([scenarioOf("two-senders")], { complete: false, interrupted: "SIGINT" });

    expect(casesOf(junitXml(endingOf(every)), "two-senders")["queue-limit"]).toBe("skipped every run hit a bound");
    expect(casesOf(junitXml(endingOf(cut)), "two-senders")["ring-fills"]).toBe("skipped the check ended before its plan");
    expect(casesOf(junitXml(endingOf(cut)), "interlock")).toEqual({ check: "error interrupted by SIGINT" });
  });

  it("is red when Interlock is at fault, a run is lost, or nothing ran", () => {
    const lost = [{ scenario: "two-senders", strategy: "random", seed: 5, how: "died" as const, token: "ilk1:x" }];
    const results = resultsOf([scenarioOf("two-senders")], { lost });
    const fault = { whose: "interlock" as const, message: "the same choices ran differently", details: ["at x"] };

    expect(casesOf(junitXml(endingOf(results)), "two-senders")["Bound"]).toBe("error 1 run did not come back");
    expect(casesOf(junitXml(endingOf(results, { fault })), "interlock")["check"]).toMatch(/^error fault of Interlock, .* ran differently$/);
    expect(casesOf(junitXml(endingOf(resultsOf([]))), "interlock")["check"]).toBe("error nothing ran");
  });

  it("is the same file for the same results", () => {
    expect(junitXml(failedEnding())).toBe(junitXml(failedEnding()));
  });

  it("satisfies Jenkins' schema and loses no text, whatever things are called", async () => {
    const endings = fc.sample(hostileEnding, { numRuns: 300, seed: 4 });
    const files = endings.map((ending, i) => ({ fileName: `${String(i)}.xml`, contents: junitXml(ending) }));

    const checked = await validateXML({ xml: files, schema: SCHEMA, maxMemoryPages: 4096 });

    expect(checked.errors).toEqual([]);
    for (const [i, { failures: [report] }] of endings.entries()) {
      const suite = named(parse(files[i]!.contents), "testsuite")[1]!;
      const failure = suite.children.flatMap((child) => named(child, "failure"))[0]!;
      expect(suite.attributes["name"]).toBe(printable(report!.scenario));
      expect(failure.attributes["message"]).toBe(printable(report!.failure.message));
      expect(failure.text).toContain(printable(report!.token));
    }
  });

  it("is told from a broken one by the validator", async () => {
    const xml = junitXml(failedEnding()).replace("<testcase ", "<testcas ");

    const { errors } = await validateXML({ xml: [{ fileName: "a.xml", contents: xml }], schema: SCHEMA });

    expect(errors.length).toBeGreaterThan(0);
  });
});
