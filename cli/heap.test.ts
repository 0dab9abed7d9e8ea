import { expect, it } from "vitest";
import { heapAfter, keptByOld } from "./test-heap.ts";

it("the heap is as large after 10,000 runs as after 1,000 (sleep-wakeup)", () => {
  const { first, last } = heapAfter("sleep-wakeup", 1_000, 10_000);

  expect(last / first).toBeLessThanOrEqual(1.1);
});

it("a collection of young objects finds what a run leaves behind (one-sender, addresses-come-and-go)", () => {
  expect(keptByOld("one-sender", 200)).toBeLessThan(0.15);
  expect(keptByOld("addresses-come-and-go", 100)).toBeLessThan(0.15);
});
