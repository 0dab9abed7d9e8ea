import { expect, it } from "vitest";
import { heapAfter } from "./test-heap.ts";

it("the heap is as large after 10,000 runs as after 1,000 (sleep-wakeup)", () => {
  const { first, last } = heapAfter("sleep-wakeup", 1_000, 10_000);

  expect(last / first).toBeLessThanOrEqual(1.1);
});
