// The tables of protocol coverage say where a branch is decided and what a routine may return. Checked both
// ways: what the tables have is marked in the model, and what the model marks is in the tables.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BRANCHES, ERRNOS, RECORDED_BRANCHES } from "../../model/index.ts";
import { isTest, readSources, ROOT } from "./sources.ts";

interface KernelFunction {
  readonly symbol: string;
  readonly seed: string;
  readonly lines: readonly [first: number, last: number];
}

const FUNCTIONS = JSON.parse(readFileSync(join(ROOT, "docs/kernel-functions.json"), "utf8")) as readonly KernelFunction[];
const MODEL = readSources()
  .filter(({ path }) => path.startsWith("model/") && !isTest(path) && path !== "model/branches.ts" && path !== "model/errnos.ts")
  .map(({ text }) => text)
  .join("\n");

/** The lines of a routine in the seeds. */
const linesOf = (routine: string): readonly [number, number] | null =>
  FUNCTIONS.find(({ symbol }) => symbol === routine)?.lines ?? null;

function isInside(routine: string, line: number | null): boolean {
  const lines = linesOf(routine);
  if (line === null) return lines === null;
  return lines !== null && lines[0] <= line && line <= lines[1];
}

describe("the table of branches", () => {
  it("has lines inside the routines of the seed, and none outside it", () => {
    const wrong = Object.entries(BRANCHES).filter(([, [routine, line]]) => !isInside(routine, line));

    expect(wrong).toEqual([]);
  });

  it("names routines that the model has, or mirrors", () => {
    const unknown = Object.values(BRANCHES).filter(([routine]) => !new RegExp(`\\b${routine}\\b`).test(MODEL));

    expect(unknown).toEqual([]);
  });

  it("has what is marked, and nothing that is not", () => {
    const marked = Object.keys(BRANCHES).filter((name) => MODEL.includes(`"${name}"`));
    const recorded = Object.keys(RECORDED_BRANCHES);

    expect(marked.toSorted()).toEqual(Object.keys(BRANCHES).filter((name) => !recorded.includes(name)).toSorted());
  });
});

describe("the table of errnos", () => {
  it("has lines inside the routines of the seed, and none outside it", () => {
    const wrong = Object.entries(ERRNOS).flatMap(([routine, returns]) =>
      Object.entries<number | null>(returns).filter(([, line]) => !isInside(routine, line)).map(([errno]) => [routine, errno]));

    expect(wrong).toEqual([]);
  });

  it("has routines that tell what they return", () => {
    const silent = Object.keys(ERRNOS).filter((routine) => !MODEL.includes(`returned(k, "${routine}", `) && !MODEL.includes(`returned(xnu, "${routine}", `));

    expect(silent).toEqual([]);
  });
});
