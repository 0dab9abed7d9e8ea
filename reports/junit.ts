/**
 * `junit.xml`: a suite per scenario, a case per property. Known findings are skipped, so that they are seen and nothing
 * turns red. The same results give the same file, but for the `time` of the whole.
 */
import xmlbuilder, { type XMLElement } from "xmlbuilder";
import { suitesOf, type Case, type CaseStatus, type Suite } from "./cases.ts";
import type { Ending, Reporter } from "./reporter.ts";
import { printable } from "./text.ts";

/** Writes the file. */
export const junitReporter: Reporter = {
  end: (ending) => ({ files: { "junit.xml": junitXml(ending) } }),
};

/** The text of the file. It satisfies Jenkins' schema, junit-10.xsd. */
export function junitXml(ending: Ending): string {
  const suites = suitesOf(ending);
  const cases = suites.flatMap((suite) => suite.cases);
  const root = xmlbuilder.create("testsuites", { version: "1.0", encoding: "UTF-8" });
  const { seed, variant, timing } = ending.results;
  root.att({ name: "interlock", ...counts(cases), time: timing.seconds.toFixed(3) });
  const common = { seed: String(seed), ...(variant === null ? {} : { variant }) };
  for (const suite of suites) addSuite(root, suite, common);
  return `${root.end({ pretty: true })}\n`;
}

const tally = (cases: readonly Case[], ...wanted: readonly CaseStatus[]): string =>
  String(cases.filter(({ status }) => wanted.includes(status)).length);

const counts = (cases: readonly Case[]): Record<string, string> =>
  ({ tests: String(cases.length), failures: tally(cases, "failed"), errors: tally(cases, "error") });

function addSuite(root: XMLElement, { name, scenario, cases }: Suite, common: Readonly<Record<string, string>>): void {
  const skipped = tally(cases, "skipped", "known");
  const suite = root.ele("testsuite", { name: printable(name), ...counts(cases), skipped });
  const properties = suite.ele("properties");
  const runs = scenario === null ? {} : {
    runs: String(scenario.runs),
    "distinct schedules": String(scenario.distinctSchedules),
    verdict: scenario.verdict,
  };
  for (const [key, value] of Object.entries({ ...common, ...runs })) {
    properties.ele("property", { name: key, value: printable(value) });
  }
  for (const one of cases) addCase(suite, name, one);
}

function addCase(suite: XMLElement, suiteName: string, { name, status, type, message, text }: Case): void {
  const element = suite.ele("testcase", { classname: printable(suiteName), name: printable(name) });
  const why = { message: printable(message), type };
  if (status === "failed") element.ele("failure", why, printable(text));
  if (status === "error") element.ele("error", why, printable(text));
  if (status === "skipped" || status === "known") element.ele("skipped", why);
  if (status === "known") element.ele("system-out", printable(text));
}
