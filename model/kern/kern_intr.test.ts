// Interrupts that come while they are masked: the reduction has to find whatever all schedules find.

import { expect, it } from "vitest";
import { Op } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { raiseInterrupt, register_int } from "./kern_intr.ts";
import { spawnThread } from "./lwkt_thread.ts";
import { allOutcomes, reducedOutcomes } from "./test-kernel.ts";

/** A device raises an interrupt `times` times; an outcome has how often, each time the handler looked. */
const raised = (times: number, threads: number) => (k: Kernel) => {
  const log: string[] = [];
  const words = k.x.register({ label: "what the device says" });
  let came = 0;
  const intr = register_int(k, 0, "irq5", function* () {
    yield* k.x.pause(Op.Device, words);
    log.push(String(came));
    yield* k.x.pause(Op.Yield);
  }, null);
  for (let i = 0; i < threads; i++)
    spawnThread(k, `thread ${String(i)}`, 0, function* () {
      yield* k.x.pause(Op.Yield);
      log.push("t");
    });
  k.x.spawn("device", function* () {
    for (let i = 0; i < times; i++) {
      yield* k.x.pause(Op.Device, words);
      came++;
      raiseInterrupt(k, intr);
    }
  });
  return () => log.join("");
};

it.each([[1, 1], [2, 0], [2, 1], [3, 0]])("%i interrupts, %i threads", (times, threads) => {
  const all = allOutcomes(raised(times, threads));
  const reduced = reducedOutcomes(raised(times, threads));
  expect([...reduced.keys()].sort()).toEqual([...all.keys()].sort());
});
