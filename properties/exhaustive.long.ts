import { describe, expect, it } from "vitest";
import { searchAll } from "./test-exhaustive.ts";

/** Without any preemption: what the short test does not finish. */
const COUNTED_WITHOUT: Readonly<Record<string, number>> = {
  "up-down": 7_866,
  "detach-in-flight": 13_951,
  "watchdog-against-driver": 1_371,
  "attach-detach-churn": 742,
  "index-table-growth": 742,
};

/** Nor can these be finished here. */
const UNFINISHED_WITHOUT = [
  "kernel-callers", "watchdog-detach", "regulated-detach", "polled-detach", "addresses-come-and-go", "addresses-and-detach", "ioctl-list-addresses",
];
const MOST_WITHOUT = 1_000;

/** As in the short test, with one preemption: where that can be finished. */
const COUNTED: Readonly<Record<string, number>> = {
  "one-sender": 188,
  "several-senders-one-subqueue": 7_160,
  "quiet-card": 15_858,
  "multi-queue": 29_652,
  "ring-full": 10_414,
  "queue-overflow": 14_083,
  "serializer-contention": 394,
  "staged-rollup": 7_952,
  "owner-migration": 57_114,
  "token-bucket": 69_582,
  "handoff": 2_035,
  "running-flag": 3_035,
  "ipi-ring-overflow": 382,
  "sleep-wakeup": 2,
};

const UNFINISHED = [
  "watchdog-against-driver", "up-down", "attach-detach-churn", "index-table-growth", "detach-in-flight",
];
const MOST = 40_000;

describe("the smallest configuration, explored completely without preemptions", () => {
  it.each(Object.entries(COUNTED_WITHOUT))("%s keeps every promise (%i executions)", (name, executions) => {
    expect(searchAll(name, 0, executions + 1)).toEqual({ executions, complete: true, outcomes: { passed: executions } });
  });

  it.each(UNFINISHED_WITHOUT)(`%s keeps every promise in its first ${String(MOST_WITHOUT)} executions`, (name) => {
    expect(searchAll(name, 0, MOST_WITHOUT)).toEqual({ executions: MOST_WITHOUT, complete: false, outcomes: { passed: MOST_WITHOUT } });
  });
});

describe("the smallest configuration, explored completely with one preemption", () => {
  it.each(Object.entries(COUNTED))("%s keeps every promise (%i executions)", (name, executions) => {
    expect(searchAll(name, 1, executions + 1)).toEqual({ executions, complete: true, outcomes: { passed: executions } });
  });

  it.each(UNFINISHED)(`%s keeps every promise in its first ${String(MOST)} executions`, (name) => {
    expect(searchAll(name, 1, MOST)).toEqual({ executions: MOST, complete: false, outcomes: { passed: MOST } });
  });
});
