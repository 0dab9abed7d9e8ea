import { expect, it } from "vitest";
import { coverageLines } from "./coverage-table.ts";
import { protocolCoverageJson, type Empty, type ProtocolCoverageFile } from "./protocol-coverage.ts";

const totals = {
  orders: { covered: 3, of: 7 },
  branches: { covered: 1, of: 3 },
  errnos: { covered: 1, of: 2 },
};

const empty: Empty = {
  orders: [
    { class: "if_flags", first: "thread store", order: "before", second: "ithread load", met: true, runs: 12 },
    { class: "subq ifsq_lock", first: "netisr enter", order: "overlapped", second: "thread enter", met: true, runs: 1 },
    { class: "if_timer", first: "netisr load", order: "before", second: "thread store", met: false, runs: 4 },
    { class: "if_timer", first: "thread store", order: "before", second: "netisr load", met: false, runs: 4 },
    { class: "if_timer", first: "netisr load", order: "overlapped", second: "thread store", met: false, runs: 4 },
  ],
  branches: [
    { branch: "stage ends: at detach", routine: "ifq_stage_detach_handler", line: 825 },
    { branch: "token bucket: empty", routine: "tbr_dequeue", line: null },
  ],
  errnos: [{ routine: "tbr_set", errno: "ENOENT", line: null, called: false }],
};

const file = (names: readonly string[]): ProtocolCoverageFile => ({
  schema: 1,
  version: "0.0.0",
  seed: 1,
  variant: null,
  totals,
  empty,
  scenarios: names.map((name) => ({ name, runs: 12, totals, operations: [], orders: [], branches: [], errnos: [], empty })),
});

it("the table tells how much was covered, and what was not, most interesting first", () => {
  expect(`\n${coverageLines(file(["one-sender", "up-down"]), false).join("\n")}\n`).toMatchInlineSnapshot(`
    "
    protocol coverage  orders  branches  errnos
    one-sender         3 of 7    1 of 3  1 of 2
    up-down            3 of 7    1 of 3  1 of 2
    all together       3 of 7    1 of 3  1 of 2

    branches no scenario takes: 2
      stage ends: at detach  ifq_stage_detach_handler, line 825
      token bucket: empty    tbr_dequeue

    errnos no scenario returns: 1
      tbr_set ENOENT  never called

    orders no scenario shows: 3
      if_flags        thread store before ithread load                 each in 12 runs or more
      subq ifsq_lock  netisr enter and thread enter overlapped         each in 1 run or more
      if_timer        netisr load and thread store on the same object  each in 4 runs or more
    "
  `);
});

it("of one scenario there is no sum; a long list is cut, unless all of it is wanted", () => {
  const one = file(["one-sender"]);
  const many = { ...one, empty: { ...empty, branches: Array.from({ length: 12 }, (_, i) => ({ branch: `b ${String(i)}`, routine: "r", line: i })) } };

  expect(coverageLines(one, false).join("\n")).not.toContain("all together");
  expect(coverageLines(many, false)).toContain("  ... and 2 more: --coverage all");
  expect(coverageLines(many, true).filter((line) => line.startsWith("  b "))).toHaveLength(12);
});

it("everything of every scenario is listed under its name", () => {
  const lines = coverageLines(file(["one-sender", "up-down"]), true);

  expect(lines.filter((line) => line === "one-sender" || line === "up-down")).toHaveLength(2);
  expect(lines.filter((line) => line.startsWith("  stage ends: at detach"))).toHaveLength(3);
});

it("the file has a line for each row", () => {
  const lines = protocolCoverageJson(file(["one-sender"])).split("\n");

  expect(JSON.parse(lines.join("\n"))).toEqual(file(["one-sender"]));
  expect(lines.filter((line) => line.trimStart().startsWith('{"class":"if_flags"'))).toHaveLength(2);
});
