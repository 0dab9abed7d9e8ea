// The rules of the house, applied to the house.

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkContracts, checkPromises, checkSilencers } from "./comments.ts";
import { LONG_FILES, LONG_FUNCTIONS } from "./exceptions.ts";
import { checkYields, createProgram } from "./forgotten-yield.ts";
import { AREAS, IMPORT_RULES } from "./import-rules.ts";
import { checkImports } from "./imports.ts";
import { checkFileSizes, checkFunctionSizes } from "./sizes.ts";
import { isTest, readSources, render, ROOT } from "./sources.ts";

const sources = readSources();
const modelled = sources.filter(({ path }) => /^(model|scenarios)\//.test(path) && !isTest(path));

describe("tidy", () => {
  test("the checks see the sources", () => {
    const folders = new Set(sources.map(({ path }) => path.split("/")[0]));

    expect(sources.length).toBeGreaterThan(20);
    for (const folder of ["sim", "model", "scenarios", "properties", "reports", "cli"]) {
      expect(folders).toContain(folder);
    }
  });

  test("imports follow the rules", () => {
    expect(render(checkImports(sources, AREAS, IMPORT_RULES))).toEqual([]);
  });

  test("files are under 300 lines", () => {
    expect(render(checkFileSizes(sources, LONG_FILES))).toEqual([]);
  });

  test("functions are under 70 lines", () => {
    expect(render(checkFunctionSizes(sources, LONG_FUNCTIONS))).toEqual([]);
  });

  test("comments promise nothing", () => {
    expect(render(checkPromises(sources))).toEqual([]);
  });

  test("a check that is switched off says why", () => {
    expect(render(checkSilencers(sources))).toEqual([]);
  });

  test("exported routines of the model state their context and locks", () => {
    const model = modelled.filter(({ path }) => path.startsWith("model/"));

    expect(render(checkContracts(model))).toEqual([]);
  });

  test("no yield* is forgotten", () => {
    const files = modelled.map(({ path }) => join(ROOT, path));

    const { calls, complaints } = checkYields(createProgram(files), files);

    expect(calls).toBeGreaterThan(0);
    expect(render(complaints)).toEqual([]);
  });
});
