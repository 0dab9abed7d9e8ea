// Recorded sequences of the control plane: read, replayed, compared; and what is said where the kernel's code faults.

import { describe, expect, test } from "vitest";
import { conformControlPlane, stepsKind, type ReadKind } from "../../scenarios/index.ts";
import { fail } from "../../sim/index.ts";

/** A kind to try the harness with: a counter that breaks at 3. */
const COUNTER: ReadKind = stepsKind<number, { op: "add"; by: number }>({
  setup: (line) => line.integer("from", 0, 10),
  op: (op, step) => (op === "add" ? { op, by: step.integer("by", 0, 10) } : null),
  state: (step) => ({ sum: step.integer("sum", 0, 100) }),
  machine(from) {
    let sum = from;
    return ({ by }) => {
      sum += by;
      if (sum === 3) fail("Memory", "use-after-free", "three");
      if (sum === 4) fail("Panic", "four", "four");
      return { sum };
    };
  },
});
const kinds = new Map([["counter", COUNTER]]);
const conform = (...lines: readonly object[]): ReturnType<typeof conformControlPlane> =>
  conformControlPlane(lines.map((line) => JSON.stringify(line)), kinds);
const add = (by: number, sum: number): object => ({ op: "add", by, sum });
const counter = (...steps: readonly object[]): object => ({ seed: 7, kind: "counter", from: 0, steps });

describe("a sequence of steps", () => {
  test("agrees", () => {
    expect(conform(counter(add(1, 1), add(1, 2)), counter(add(2, 2)))).toEqual({
      sequences: 2,
      operations: 3,
      divergence: null,
    });
  });

  test("diverges in a field", () => {
    expect(conform(counter(add(1, 1), add(1, 5)))).toMatchObject({
      operations: 1,
      divergence: { line: 1, seed: 7, operation: { index: 1 }, fields: [{ field: "sum", expected: 5, got: 2 }] },
    });
  });

  test("diverges where the model fails and the kernel does not", () => {
    expect(conform(counter(add(3, 3)))).toMatchObject({
      divergence: { fields: [{ field: "failure", expected: undefined, got: "Memory use-after-free: three" }] },
    });
  });

  test.each([
    ["fails as well: its failure is told", 3, "Memory use-after-free: three"],
    ["panics: the panic is told", 4, "Panic: four"],
    ["does not: nothing is told", 1, undefined],
  ])("diverges where the kernel's code faults; the model %s", (_what, by, got) => {
    expect(conform(counter({ op: "add", by, fault: true }))).toMatchObject({
      divergence: { operation: { index: 0, op: { op: "add", by } }, fields: [{ field: "failure", expected: "fault", got }] },
    });
  });

  test("ends at the first fault, whatever follows", () => {
    expect(conform(counter({ op: "add", by: 3, fault: true }, add(1, 1)))).toMatchObject({ divergence: { operation: { index: 0 } } });
  });

  test.each([
    ["of a kind nobody knows", { seed: 1, kind: "weather" }, 'line 1: unknown kind "weather"'],
    ["without a kind", { seed: 1 }, 'line 1: "kind" is missing'],
    ["without a seed", { kind: "counter" }, 'line 1: "seed" is missing'],
    ["without steps", counter(), "line 1: a sequence without operations"],
    ["with an unknown operation", counter({ op: "sub" }), 'line 1: step 0: unknown operation "sub"'],
    ["with a state that lacks a field", counter({ op: "add", by: 1 }), 'line 1: step 0: "sum" is missing'],
    ["with a fault that is none", counter({ op: "add", by: 1, fault: 1 }), 'line 1: step 0: "fault" must be true or false, not 1'],
  ])("cannot be read %s", (_what, line, unreadable) => {
    expect(conform(line)).toEqual({ unreadable });
  });

  test("cannot be read from nothing, nor from half a line", () => {
    expect(conformControlPlane([""])).toEqual({ unreadable: "line 1: the file is empty: not one sequence" });
    expect(conformControlPlane(['{"kind":"mul'])).toHaveProperty("unreadable", expect.stringMatching(/^line 1: not JSON/));
  });
});
