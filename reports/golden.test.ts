/** One golden file for each question of representation; `vitest -u` rewrites them, and the diff is reviewed. */
import { describe, expect, it } from "vitest";
import type { Failure } from "../sim/index.ts";
import { anatomy, type FailureReport } from "./anatomy.ts";
import { interleaving } from "./interleaving.ts";
import type { Story, StoryRow } from "./story.ts";

const golden = (name: string): string => `golden/${name}.txt`;
const text = (lines: readonly string[]): string => `${lines.join("\n")}\n`;

/** `column depth kind text`, one row a line. */
function rows(script: string): readonly StoryRow[] {
  return script.split("\n").filter((line) => line.trim() !== "").map((line) => {
    const [column = "0", depth = "0", kind = "op", ...words] = line.trim().split(" ");
    return { column: Number(column), depth: Number(depth), kind: kind as StoryRow["kind"], text: words.join(" ") };
  });
}

const CPUS = ["cpu 0", "cpu 1"];
const story = (script: string, columns: readonly string[] = CPUS): Story => ({ columns, rows: rows(script) });

const BLOCKED = story(`
  0 0 context [netisr_cpu 0]
  0 0 call ifq_dispatch
  0 1 op enter ifsq_lock
  0 1 value em0/0 ifsq_len 0 -> 1
  0 1 switch switch (preempted at exit ifsq_lock)
  1 0 context [netisr_cpu 1]
  1 0 call ifq_dispatch
  1 1 switch switch (waits for ifsq_lock, held by netisr_cpu 0)
  0 1 op exit ifsq_lock
  0 1 switch ends
  1 1 op enter ifsq_lock
  1 1 failure <- guard
`);

const NESTED = story(`
  0 0 context [netisr_cpu 0]
  0 0 call ifsq_devstart
  0 1 op try ifsq_lock: got it
  0 1 switch switch (preempted at crit_exit)
  0 2 context [ipiq 0]
  0 2 call ifsq_ifstart_ipifunc
  0 3 op send netisr_cpu 0 port
  0 3 switch returns
  0 1 context [netisr_cpu 0]
  0 1 op crit_exit
`);

const SPIN = story(`
  1 0 context [kern 1]
  1 0 call lwkt_wait_ipiq
  ${"1 1 op load ip_rindex: 3\n  1 1 op window\n  ".repeat(20)}
  1 1 value ip_windex 3 -> 4
`);

const QUIET = story(`
  0 0 context [netisr_cpu 0]
  0 0 call netisr_loop
  0 1 call ifq_dispatch
  ${"0 2 op crit_enter\n  0 2 op load a\n  0 2 op load b\n  0 2 op crit_exit\n  0 2 op load c\n  ".repeat(1)}
  0 2 op load d
  0 2 op load e
  0 2 op load f
  0 2 value em0/0 ifsq_started false -> true
`);

const LONG = story(`
  0 0 context [a-context-with-a-name-that-nobody-would-choose-but-somebody-will]
  0 0 call a_kernel_routine_whose_name_is_much_longer_than_the_column_it_has_to_fit_into
  0 1 value em0/0 ifsq_stage_mask[0] a rather long value of several words -> another one that is no shorter
  1 0 op load x
`, ["cpu 0", "a-device-with-a-name-that-is-longer-than-its-column"]);

const failure = (change: Partial<Failure> = {}): Failure => ({
  kind: "Violation",
  id: "no-lost-start",
  message: "A packet waits, the device is idle, and nobody has promised to run if_start.",
  facts: [
    ["em0/0", "ifsq_len 1   ifsq_started false   ifsq_hw_oactive false"],
    ["expected", "ifsq_len 0, or ifsq_started, or an if_start message pending on cpu 0"],
  ],
  ...change,
});

const report = (change: Partial<FailureReport> = {}): FailureReport => ({
  failure: failure(),
  scenario: "several-senders-one-subqueue",
  site: { step: 19, now: 48_210, context: null },
  story: BLOCKED,
  token: "ilk1:dHgtdHdvLWNwdXM",
  fingerprint: "0123456789abcdef",
  found: { steps: 131, switches: 9, strategy: "pct", seed: 42, runs: 3 },
  shrunk: { steps: 19, switches: 2, also: [["packet", 9, 2]] },
  kept: "regressions/no-lost-start-several-senders-one-subqueue.json",
  ...change,
});

describe("the interleaving", () => {
  it("says what a blocked context waits for, and who holds it", async () => {
    await expect(text(interleaving(BLOCKED, 80))).toMatchFileSnapshot(golden("blocked-context"));
  });

  it("indents an IPI below what it interrupted", async () => {
    await expect(text(interleaving(NESTED, 80))).toMatchFileSnapshot(golden("nested-ipi"));
  });

  it("folds a spin to its first turn and its last", async () => {
    await expect(text(interleaving(SPIN, 80))).toMatchFileSnapshot(golden("folded-spin"));
  });

  it("folds a stretch in which nothing changes", async () => {
    await expect(text(interleaving(QUIET, 80))).toMatchFileSnapshot(golden("quiet-stretch"));
  });

  it("wraps names that are too long", async () => {
    await expect(text(interleaving(LONG, 60))).toMatchFileSnapshot(golden("long-names"));
  });

  it("never exceeds the width it is given", () => {
    for (const each of [BLOCKED, NESTED, SPIN, QUIET, LONG]) {
      const widest = Math.max(...interleaving(each, 60).map((line) => line.length));
      expect(widest).toBeLessThanOrEqual(60);
    }
  });

  it("leaves out a CPU that does nothing", () => {
    expect(interleaving(NESTED, 80)[0]).toBe("  cpu 0");
  });
});

describe("the anatomy of a failure", () => {
  it("is promise, place, evidence, story, replay, facts", async () => {
    await expect(text(anatomy(report(), 100))).toMatchFileSnapshot(golden("violation"));
  });

  it("shows two failures as two documents", async () => {
    const other = report({
      failure: failure({
        kind: "Stuck",
        id: "deadlock",
        message: "2 contexts wait for each other.",
        facts: [],
        waits: [
          { context: "netisr_cpu 0", for: "ifsq_lock", heldBy: "netisr_cpu 1" },
          { context: "netisr_cpu 1", for: "hwslz", heldBy: "netisr_cpu 0" },
        ],
      }),
      story: null,
      shrunk: null,
    });

    const both = [...anatomy(report(), 100), "", ...anatomy(other, 100)];

    await expect(text(both)).toMatchFileSnapshot(golden("two-failures"));
  });

  it("begins with a line that can be grepped by the id", () => {
    expect(anatomy(report(), 100)[0]).toBe("Violation  no-lost-start  in several-senders-one-subqueue");
  });
});
