import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { findRoot } from "../scripts/stamp.mjs";
import type { EngineSet } from "./engine-set.ts";
import { loadEngine } from "./load-engine.ts";
import { testIo } from "./test-io.ts";

describe("the module of a loaded engine set", () => {
  it.each([null, "mutants/sends-no-ipi"])("exports the same engine set (variant %s)", async (variant) => {
    const { io } = testIo({ root: findRoot() });
    const { engine, module } = await loadEngine(io, variant);

    const again = (await import(pathToFileURL(module!).href)) as { engine: EngineSet };

    expect(again.engine.scenarios.map(({ name }) => name)).toEqual(engine.scenarios.map(({ name }) => name));
    expect(again.engine.properties.map(({ name }) => name)).toEqual(engine.properties.map(({ name }) => name));
  });
});
