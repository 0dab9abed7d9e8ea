// Recordings that cannot be read: one line that says where and what, never an exception.

import { describe, expect, test } from "vitest";
import { conformIfq, readOutcomes, recognise } from "../../scenarios/index.ts";
import { outcomeTexts, sequenceLines } from "./data.ts";

const [first = ""] = sequenceLines();
const [[, outcomes] = ["", ""]] = outcomeTexts();

type Json = Record<string, unknown>;

/** A text with something in it changed. */
function spoil(text: string, change: (data: Json) => void): string {
  const data = JSON.parse(text) as Json;
  change(data);
  return JSON.stringify(data);
}

const at = (data: Json, list: string, index: number): Json => (data[list] as Json[])[index]!;

describe("a sequence", () => {
  const CASES: readonly (readonly [string, (data: Json) => void, string])[] = [
    ["without a seed", (d) => delete d["seed"], 'line 1: "seed" is missing'],
    ["with a seed in words", (d) => (d["seed"] = "x"), 'line 1: "seed": must be an integer'],
    ["without a configuration", (d) => delete d["config"], 'line 1: "config" is missing'],
    ["with a configuration that is none", (d) => (d["config"] = 3), "line 1: config: an object is needed, not 3"],
    ["without CPUs", (d) => ((d["config"] as Json)["ncpus"] = 0), 'line 1: config: "ncpus": must be an integer'],
    ["with three subqueues", (d) => ((d["config"] as Json)["subqs"] = 3), 'line 1: config: "subqs" must be a power of two'],
    ["with an owner too many", (d) => ((d["config"] as Json)["owners"] = [0, 1, 2]), "line 1: config: 2 subqueues but 3 owners"],
    ["with an impossible owner", (d) => ((d["config"] as Json)["owners"] = [0, 7]), 'line 1: config: "owners": must be an integer from 0 to 2'],
    ["without operations", (d) => ((d["ops"] = []), (d["states"] = [])), "line 1: a sequence without operations"],
    ["with an unknown operation", (d) => (at(d, "ops", 4)["op"] = "frobnicate"), 'line 1: operation 4: unknown operation "frobnicate"'],
    ["with an operation that is none", (d) => ((d["ops"] as unknown[])[4] = null), "line 1: operation 4: an object is needed, not null"],
    ["on an impossible CPU", (d) => (at(d, "ops", 0)["cpu"] = 3), 'line 1: operation 0: "cpu": must be an integer from 0 to 2, not 3'],
    ["on a negative CPU", (d) => (at(d, "ops", 0)["cpu"] = -1), 'line 1: operation 0: "cpu": must be an integer from 0 to 2, not -1'],
    ["on half a CPU", (d) => (at(d, "ops", 0)["cpu"] = 0.5), 'line 1: operation 0: "cpu": must be an integer from 0 to 2, not 0.5'],
    ["with an operation without its CPU", (d) => delete at(d, "ops", 0)["cpu"], 'line 1: operation 0: "cpu" is missing'],
    ["with a state missing", (d) => (d["states"] as unknown[]).pop(), "line 1: 50 operations but 49 states"],
    ["with a state too many", (d) => (d["ops"] as unknown[]).pop(), "line 1: 49 operations but 50 states"],
    ["with an incomplete state", (d) => delete at(d, "states", 2)["msgs"], 'line 1: state 2: "msgs" is missing'],
    ["with a state of other CPUs", (d) => (at(d, "states", 2)["msgs"] = [0]), 'line 1: state 2: "msgs" has 1 entries for 3 cpus'],
    ["with states behind a panic", (d) => (d["states"] as unknown[])[3] = { panic: "x" }, "line 1: state 3 is a panic, but 46 more follow"],
  ];
  test.each(CASES)("%s", (_name, change, message) => {
    const result = conformIfq([spoil(first, change)]);
    expect(result).toHaveProperty("unreadable", expect.stringContaining(message));
    expect(result).toHaveProperty("unreadable", expect.not.stringContaining("\n"));
  });

  test("cut short", () => {
    expect(conformIfq([first, first.slice(0, 5000)])).toHaveProperty("unreadable", expect.stringMatching(/^line 2: not JSON: /));
  });

  test("that is empty", () => {
    const unreadable = "line 1: the file is empty: not one sequence";
    expect(conformIfq([])).toEqual({ unreadable });
    expect(conformIfq([""])).toEqual({ unreadable });
  });

  test("of other data", () => {
    expect(conformIfq(["[1,2]"])).toEqual({ unreadable: "line 1: an object is needed, not [1,2]" });
    expect(conformIfq(["\u0000\u0001"])).toHaveProperty("unreadable", expect.stringMatching(/^line 1: not JSON/));
  });

  test("whose names are those of every object is data like any other", () => {
    expect(conformIfq(['{"__proto__":{"seed":1,"config":{},"ops":[],"states":[]}}'])).toEqual({
      unreadable: 'line 1: "seed" is missing',
    });
  });
});

describe("a specification of outcomes", () => {
  const CASES: readonly (readonly [string, (data: Json) => void, string])[] = [
    ["without CPUs", (d) => delete d["ncpus"], 'specification: "ncpus" is missing'],
    ["with packets for every CPU", (d) => (d["packets"] = [1, 1, 1]), 'specification: 3 cpus need 2 entries of "packets", not 3'],
    ["with an impossible owner", (d) => (d["owner"] = 3), 'specification: "owner": must be an integer from 0 to 2, not 3'],
    ["with a listed outcome that is none", (d) => ((d["outcomes"] as unknown[])[0] = 1), "outcome 0: an object is needed, not 1"],
    ["with an outcome that lacks a field", (d) => delete at(d, "outcomes", 1)["ring"], 'outcome 1: "ring" is missing'],
    ["with one outcome twice", (d) => ((d["outcomes"] as unknown[])[2] = at(d, "outcomes", 1)), "outcome 2: listed twice"],
    ["with an outcome in other words", (d) => ((d["outcomes"] as unknown[])[2] = "boom"), 'outcome 2: a string must say "panic: …", not "boom"'],
    ["that is half saturated", (d) => (d["saturated"] = 0.5), 'specification: "saturated" must be true or false, not 0.5'],
  ];
  test.each(CASES)("%s", (_name, change, message) => {
    expect(readOutcomes(spoil(outcomes, change))).toHaveProperty("unreadable", expect.stringContaining(message));
  });

  test("cut short", () => {
    expect(readOutcomes(outcomes.slice(0, 100))).toHaveProperty("unreadable", expect.stringMatching(/^specification: not JSON/));
  });
});

test("formats are told apart by content, and what is none is none", () => {
  expect(recognise(first)).toBe("ifq-sequential");
  expect(recognise(outcomes)).toBe("outcomes");
  expect(recognise(' [ [1,2,4,1] ]')).toBe("ring-count");
  expect(recognise('{"seed":1,"kind":"lookup","interfaces":[]}')).toBe("control-plane");
  for (const other of ["", "hello", "{", "[1,2]", '{"a":{"ops":[]}}', "\u001f\u008b"]) expect(recognise(other)).toBeNull();
});
