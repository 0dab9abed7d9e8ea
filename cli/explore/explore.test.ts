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
  it.each([
    ["sleep-wakeup", 2],
    ["serializer-contention", 357],
  ])("verifies what it has explored completely: %s, %i executions", async (scenario, executions) => {
    expect(await explore(scenario)).toMatchObject({ exit: 0, last: `verified: ${String(executions)} executions` });
  });

  it.each(["dpor(source)", "dpor(sleep)", "exhaustive(p=2)", "delays(3)", "rounds(2)"])("takes %s too", async (strategy) => {
    const { exit, last } = await explore("sleep-wakeup", "--strategy", strategy);
    expect({ exit, last }).toEqual({ exit: 0, last: expect.stringMatching(/^verified: [1-9]\d* executions$/) as string });
  });

  it("tells of failing executions, with a token of each way, and calls nothing verified", async () => {
    const { exit, stdout, last } = await explore("tun-writes");
    expect(exit).toBe(1); // without its findings, nothing is known
    expect(stdout).toMatch(/Violation mbufs-are-conserved +new/);
    expect(stdout).toMatch(/npx interlock replay ilk1:\S+/);
    expect(last).toMatch(/^failed: \d+ executions, \d+ failing in 1 way, none left$/);
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
