import { describe, expect, it } from "vitest";
import { run } from "../test-io.ts";
import { engine } from "../engine.ts";
import type { EngineLoader } from "../load-engine.ts";

/** The whole catalogue, as it is. */
const load: EngineLoader = () => Promise.resolve({ engine, variant: null, code: "0".repeat(12), module: null });

const explore = async (...args: readonly string[]): Promise<{ readonly exit: number; readonly last: string; readonly stdout: string }> => {
  const { exit, stdout } = await run(["explore", ...args], { load });
  return { exit, stdout, last: stdout.trimEnd().split("\n").at(-1) ?? "" };
};

describe("interlock explore", () => {
  it("verifies what it has explored completely", async () => {
    expect(await explore("sleep-wakeup")).toMatchObject({ exit: 0, last: "verified: 2 executions" });
  });

  it("says how much is left of a search that ended early, which is no failure unless wanted", async () => {
    const early = ["ring-full", "--strategy", "exhaustive:p=0", "--executions", "20"];
    const { exit, last } = await explore(...early);
    expect(exit).toBe(0);
    expect(last).toMatch(/^incomplete: 20 executions, about [1-9]\d* left \(weighted backtrack estimator\)$/);
    expect(await explore(...early, "--inconclusive", "fail")).toMatchObject({ exit: 7, last });
  });

  it("refuses what is no complete search, and what it does not know, in one line", async () => {
    for (const args of [["sleep-wakeup", "--strategy", "random"], ["sleep-wakup"], ["sleep-wakeup", "--property", "x"], ["sleep-wakeup", "--executions", "0"]]) {
      const { exit, stderr } = await run(["explore", ...args], { load });
      expect(exit).toBe(2);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    }
  });
});
