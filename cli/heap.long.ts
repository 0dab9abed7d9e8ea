import { expect, it } from "vitest";
import { heapAfter } from "./test-heap.ts";

it("the heap is as large after 100,000 runs as after 1,000 (several-senders-one-subqueue)", () => {
  const { first, last } = heapAfter("several-senders-one-subqueue", 1_000, 100_000);

  expect(last / first).toBeLessThanOrEqual(1.1);
});
