// Recorded memberships, groups and modes: the model agrees with every one, would not if it were wrong, and fails where the
// kernel's own code does.

import { describe, expect, test } from "vitest";
import { conformControlPlane } from "../../scenarios/index.ts";
import { controlPlaneLines } from "./data.ts";

const KINDS = { multi: 300, groups: 200, modes: 200 } as const;
const lines = controlPlaneLines();
const linesOf = (kind: string): readonly string[] => lines.filter((line) => (JSON.parse(line) as { kind: string }).kind === kind);

describe.each(Object.entries(KINDS))("%s", (kind, sequences) => {
  const recorded = linesOf(kind);

  test("every recorded sequence agrees", () => {
    expect(conformControlPlane(recorded)).toMatchObject({ sequences, divergence: null });
  });

  test("a changed state is a divergence", () => {
    const sequence = JSON.parse(recorded[0] as string) as { steps: Record<string, unknown>[] };
    const last = sequence.steps.at(-1) as Record<string, number>;
    const field = kind === "modes" ? "amcount" : "allocations";
    last[field] = (last[field] as number) + 1;
    expect(conformControlPlane([JSON.stringify(sequence)])).toMatchObject({
      divergence: { operation: { index: sequence.steps.length - 1 }, fields: [{ field }] },
    });
  });
});

const GROUP = "10020000e00000010000000000000000";
const LINK = "1412000000000000010100000000000000000000";
/** The group is joined, and with it the link-level group, of which no link-level address is ever written. */
const JOINED = { op: "add", addr: GROUP, error: 0, calls: [201, 1], list: [[LINK, 1], [GROUP, 1]], allocations: 5 };
/** A length of 0 and nothing behind it. */
const EMPTY = { op: "add", addr: "00", error: 0, calls: [201, 1], list: [["", 1]], allocations: 2 };

describe("where the kernel's code faults", () => {
  test.each([
    ["the link-level group is left by who never joined it", 1, [JOINED, { op: "del", addr: LINK, fault: true }]],
    ["all is left while only protocols have joined", 1, [JOINED, { op: "delall", fault: true }]],
    ["an address without a family is left", 0, [EMPTY, { op: "del", addr: "00", fault: true }]],
  ])("the model reports its memory: %s", (_what, resolvemulti, steps) => {
    const result = conformControlPlane([JSON.stringify({ seed: 1, kind: "multi", resolvemulti, steps })]);
    expect(result).toMatchObject({ operations: steps.length - 1, divergence: { operation: { index: steps.length - 1 } } });
    expect(result).toHaveProperty("divergence.fields.0.got", expect.stringMatching(/^Memory out-of-bounds: /));
  });
});
