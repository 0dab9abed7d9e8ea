import { expect, it } from "vitest";
import { Struct, atomic, type Atomic } from "../../sim/index.ts";
import { spawnThread } from "../kern/lwkt_thread.ts";
import { outcomes } from "../kern/test-kernel.ts";
import type { Kernel } from "../kernel.ts";
import {
  atomic_add_int,
  atomic_clear_int,
  atomic_cmpset_int,
  atomic_fetchadd_int,
  atomic_set_int,
  atomic_swap_int,
  cpu_ccfence,
  cpu_lfence,
  cpu_mfence,
  cpu_sfence,
} from "./atomic.ts";

class Counter extends Struct {
  readonly value: Atomic<number> = atomic(this, 0);
  constructor(k: Kernel) {
    super(k.x, "counter");
  }
}

it("atomic operations lose no update, and return what C's return", () => {
  const seen = outcomes(100, (k) => {
    const { value } = new Counter(k);
    const olds: number[] = [];
    for (const cpu of [0, 1]) {
      spawnThread(k, `t${String(cpu)}`, cpu, function* () {
        olds.push(yield* atomic_fetchadd_int(value, 1));
        yield* atomic_add_int(value, 1);
        yield* atomic_set_int(value, 1 << (8 + cpu));
        yield* atomic_clear_int(value, 1 << (8 + cpu));
        cpu_sfence(k);
        cpu_lfence(k);
        cpu_ccfence(k);
        yield* cpu_mfence(k);
      });
    }
    return () => `${String(value.peek())} ${String(new Set(olds).size)}`;
  });
  expect([...seen.keys()]).toEqual(["4 2"]);
});

it("of two compare-and-sets one wins; a swap returns the old value", () => {
  const seen = outcomes(100, (k) => {
    const { value } = new Counter(k);
    let won = 0;
    let last = 0;
    for (const cpu of [0, 1]) {
      spawnThread(k, `t${String(cpu)}`, cpu, function* () {
        if (!(yield* atomic_cmpset_int(value, 0, 7))) return;
        won++;
        last = yield* atomic_swap_int(value, 9);
      });
    }
    return () => `${String(won)} ${String(last)} ${String(value.peek())}`;
  });
  expect([...seen.keys()]).toEqual(["1 7 9"]);
});
