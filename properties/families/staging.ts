/** Staging: the flags of a stage say where it is, and nothing stays staged. */
import { IFSQ_STAGE_FLAG_QUED, IFSQ_STAGE_FLAG_SCHED, stagesOn, type IfsubqStage } from "../../model/index.ts";
import type { Always, Eventually, Sometimes } from "../property.ts";
import { subqueues, watchSubqueueLocks } from "../view.ts";

/** QUED says that the stage is on the list of its CPU; SCHED only ever goes with QUED. */
const stageFlags: Always = {
  kind: "always",
  name: "stage-flags",
  promise: "A stage is QUED exactly while it is on the list of its CPU, and SCHED only while it is QUED.",
  watch: watchSubqueueLocks,
  holds(world) {
    const lists = world.k.x.cpus.map(({ id }) => stagesOn(world.k, id));
    for (const { ifsq } of subqueues(world)) {
      for (const [cpu, stage] of ifsq.ifsq_stage.peek().stages.entries()) {
        const flags = stage.stg_flags.peek();
        const queued = (flags & IFSQ_STAGE_FLAG_QUED) !== 0;
        const scheduled = (flags & IFSQ_STAGE_FLAG_SCHED) !== 0;
        const listed = lists[cpu]?.filter((other) => other === stage).length ?? 0;
        if (listed === (queued ? 1 : 0) && (queued || !scheduled)) continue;
        return [
          ["where", stage.label],
          ["QUED", String(queued)],
          ["SCHED", String(scheduled)],
          ["times on the list", String(listed)],
        ];
      }
    }
    return null;
  },
};

/** The rollups leave nothing staged. */
const nothingStaysStaged: Eventually = {
  kind: "eventually",
  name: "nothing-stays-staged",
  promise: "Once the system is quiet no stage is on a list: the rollup behind the last batch took it.",
  holds(world) {
    for (const { id } of world.k.x.cpus) {
      const left = stagesOn(world.k, id);
      if (left.length > 0) {
        return [
          ["cpu", String(id)],
          ["staged", left.map(({ label }) => label).join(", ")],
        ];
      }
    }
    return null;
  },
};

/** Some packet is held back in a stage. */
const packetsAreStaged: Sometimes = {
  kind: "sometimes",
  name: "packets-are-staged",
  promise: "Some packet is enqueued without a start, held back by its stage.",
  scenarios: ["staged-rollup"],
  watch(world, reached) {
    // A stage with SCHED is on the list for a schedule that is owed, not for a packet that is held back.
    const heldBack = (stage: IfsubqStage): boolean => (stage.stg_flags.peek() & IFSQ_STAGE_FLAG_SCHED) === 0;
    watchSubqueueLocks(world, () => {
      for (const { id } of world.k.x.cpus) if (stagesOn(world.k, id).some(heldBack)) reached();
    });
  },
};

/** The family. */
export const STAGING = [stageFlags, nothingStaysStaged, packetsAreStaged] as const;
