import { describe, expect, it } from "vitest";
import { run } from "../test-io.ts";
import { executionsOf } from "../../properties/test-orders.ts";
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
    ...executionsOf("sleep-wakeup", "serializer-contention").map((row) => [...row, "smallest"] as const),
    ...executionsOf("several-senders-one-subqueue", "ring-full", "owner-migration", "attach-detach-churn").map((row) => [...row, "bounded"] as const),
  ])("verifies what it has explored completely: %s, %i executions", async (scenario, executions, which) => {
    const total = `${String(executions)} executions`;
    const { exit, stdout } = await explore(scenario);
    // Nobody was given up: that would be told behind what passed.
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: `${scenario}, its ${which} configuration, dpor, sc: ${total} passed\nverified: ${total}\n` });
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
    expect(last).toMatch(/^failed: \d+ executions, \d+ failing in 1 way, none left(?:, [1-9]\d* planned orders could not come about: others may be missing)?$/);
  });

  it("says how much is left of a search that ended early, which is no failure unless wanted", async () => {
    const early = ["queue-overflow", "--strategy", "exhaustive:p=0", "--executions", "20"];
    const { exit, last } = await explore(...early);
    expect(exit).toBe(0);
    expect(last).toMatch(/^incomplete: 20 executions, about [1-9]\d* left \(weighted backtrack estimator\)$/);
    expect(await explore(...early, "--inconclusive", "fail")).toMatchObject({ exit: 7, last });
  });

  it("verifies nothing where an order that was planned could not come about: some operation of tun touches what it does not name", async () => {
    const { exit, last } = await explore("tun-one-user", "--inconclusive", "fail");
    expect(last).toMatch(/^incomplete: \d+ executions, none left, [1-9]\d* planned orders could not come about: others may be missing$/);
    expect(exit).toBe(7);
  });

  it("refuses what is no complete search, and what it does not know, in one line", async () => {
    for (const args of [["sleep-wakeup", "--strategy", "random"], ["sleep-wakup"], ["sleep-wakeup", "--property", "x"], ["sleep-wakeup", "--executions", "0"]]) {
      const { exit, stderr } = await run(["explore", ...args], { load });
      expect(exit).toBe(2);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    }
  });
});
