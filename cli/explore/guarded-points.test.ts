// Accesses under a lock are no points. With a point before them, each system comes to the same outcomes.

import { describe, expect, it } from "vitest";
import { loadPointed, pointed, type Pointed } from "./test-guarded.ts";
import { executionsOf } from "../../properties/test-orders.ts";
import { outcomeTexts } from "../../properties/vectors/data.ts";

const texts = new Map(outcomeTexts());
const counts: Pointed = { pointed: 0, plain: 0 };

describe("with a point before guarded accesses there are the same outcomes, of", () => {
  const both = loadPointed(counts);

  it.each([
    ["two-senders", 26, "recorded"],
    ["two-senders-ring-full", 168, "recorded"],
    ["staged-pair", 159, "recorded"],
    ...executionsOf("sleep-wakeup", "serializer-contention", "owner-migration", "attach-detach-churn").map((row) => [...row, "scenario"] as const),
  ] as const)("%s: %i executions either way", async (name, executions, kind) => {
    const [without, points] = (await both).map((bundle) => bundle[kind](kind === "recorded" ? (texts.get(name) ?? "") : name));
    expect(without).toMatchObject({ executions, covered: 0, infeasible: 0 });
    expect(points).toMatchObject({ executions, covered: 0, infeasible: 0, outcomes: without?.outcomes });
    if (name !== "sleep-wakeup") expect(points?.depthMax).toBeGreaterThan(without?.depthMax ?? 0);
  });

  it("and most statements have theirs; those in plain functions have none", async () => {
    await both;
    expect(counts.pointed).toBeGreaterThan(2 * counts.plain);
  });
});

it("puts a point before each statement of a routine, and of what returns a step", () => {
  const text = "function* f(c) { c.held = 1; }\nfunction g(c): Step<void> { return c.store(c.held + 1); }\nfunction h(c) { return c.held; }";
  const found: Pointed = { pointed: 0, plain: 0 };
  expect(pointed(text, found)).toContain([
    "function* f(c) { yield* heldPoint(() => c, 7); c.held = 1; }",
    "function * g(c): Step<void> { yield* heldPoint(() => c, 5); return yield* (c.store(c.held + 1)); }",
    "function h(c) { return c.held; }",
  ].join("\n"));
  expect(found).toEqual({ pointed: 2, plain: 1 });
});
