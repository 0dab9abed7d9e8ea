/**
 * The `if_start` interlock: whoever sets `ifsq_started` makes a promise, and somebody keeps it.
 *
 * The duty is carried by code between `ifsq_set_started` and `ifsq_clr_started`, by a stage with
 * `IFSQ_STAGE_FLAG_SCHED`, by an IPI in flight, or by an `if_start` message. When the system is quiet nobody runs, no IPI is in
 * flight and every network thread sleeps behind its rollups: so whoever still holds the interlock holds it for nobody, and
 * a packet that waits on a device that would take it waits for ever.
 */
import {
  IFF_RUNNING,
  IFSQ_STAGE_FLAG_SCHED,
  ifsq_ifstart_ipifunc,
  ifstartMessagesPending,
  pendingIpis,
  type IfaltqSubque,
  type Kernel,
} from "../../model/index.ts";
import type { Fact } from "../../sim/index.ts";
import type { Eventually, Sometimes } from "../property.ts";
import { subqueues, waiting, watchHardwareSerializers, watchSubqueueLocks } from "../view.ts";

type CarriedBy = "stages" | "ipis" | "messages";

/** CPUs whose stage, IPI or message carries the duty of a subqueue. Running code may carry it as well. */
const CARRIERS: Readonly<Record<CarriedBy, (k: Kernel, ifsq: IfaltqSubque) => readonly number[]>> = {
  stages(_k, ifsq) {
    const owing: number[] = [];
    ifsq.ifsq_stage.peek().stages.forEach((stage, cpu) => {
      if ((stage.stg_flags.peek() & IFSQ_STAGE_FLAG_SCHED) !== 0) owing.push(cpu);
    });
    return owing;
  },
  ipis: (k, ifsq) =>
    pendingIpis(k)
      .filter(({ func, arg }) => func === ifsq_ifstart_ipifunc && arg === ifsq)
      .map(({ to }) => to),
  messages: (_k, ifsq) => ifstartMessagesPending(ifsq),
};

const onCpus = (cpus: readonly number[]): string => (cpus.length === 0 ? "none" : `cpu ${cpus.join(", ")}`);

function carrierFacts(k: Kernel, ifsq: IfaltqSubque): Fact[] {
  return [
    ["stage owes it", onCpus(CARRIERS.stages(k, ifsq))],
    ["IPI in flight to", onCpus(CARRIERS.ipis(k, ifsq))],
    ["message pending", onCpus(CARRIERS.messages(k, ifsq))],
  ];
}

const stateFacts = (ifsq: IfaltqSubque): Fact[] => [
  ["where", ifsq.label],
  ["ifsq_len", String(ifsq.ifsq_len.peek())],
  ["ifsq_started", String(ifsq.ifsq_started.peek())],
  ["ifsq_hw_oactive", String(ifsq.ifsq_hw_oactive.peek())],
];

/** No packet waits on a device that is idle, running and willing. */
const noLostStart: Eventually = {
  kind: "eventually",
  name: "no-lost-start",
  promise: "Once the system is quiet no packet waits on an idle, running device.",
  holds(world) {
    for (const { device, ifsq } of subqueues(world)) {
      const running = (device.ifp.if_flags.peek() & IFF_RUNNING) !== 0;
      // A regulated queue waits for ticks, of which the run has a bounded number.
      const regulated = device.ifp.if_snd.altq_tbr.peek() !== null;
      const busy = ifsq.ifsq_hw_oactive.peek() !== 0;
      if (waiting(ifsq).length > 0 && running && !busy && !regulated) {
        return [
          ...stateFacts(ifsq),
          ["expected", "ifsq_len 0, or oactive, or somebody to run if_start"],
          ...carrierFacts(world.k, ifsq),
        ];
      }
    }
    return null;
  },
};

/** Whoever holds the interlock keeps the promise. */
const interlockIsReleased: Eventually = {
  kind: "eventually",
  name: "interlock-is-released",
  promise: "Once the system is quiet nobody holds the if_start interlock.",
  holds(world) {
    for (const { ifsq } of subqueues(world)) {
      if (ifsq.ifsq_started.peek() !== 0) {
        return [
          ...stateFacts(ifsq),
          ["expected", "ifsq_started 0"],
          ...carrierFacts(world.k, ifsq),
        ];
      }
    }
    return null;
  },
};

/** Whoever says that the hardware takes no packets has packets in the hardware: their completion says otherwise. */
const oactiveEnds: Eventually = {
  kind: "eventually",
  name: "oactive-ends",
  promise: "Once the system is quiet no subqueue is oactive with an empty ring: no completion would end that.",
  holds(world) {
    for (const { ring, ifsq } of subqueues(world)) {
      if (ifsq.ifsq_hw_oactive.peek() !== 0 && ring.hw.usedNow === 0) {
        return [
          ...stateFacts(ifsq),
          ["slots in use", `0 of ${String(ring.hw.size)}`],
          ["expected", "ifsq_hw_oactive 0"],
        ];
      }
    }
    return null;
  },
};

const carried = (by: CarriedBy, promise: string, scenarios: readonly string[]): Sometimes => ({
  kind: "sometimes",
  name: `duty-carried-by-${by}`,
  promise,
  scenarios,
  watch(world, reached) {
    const look = (): void => {
      for (const { ifsq } of subqueues(world)) {
        if (CARRIERS[by](world.k, ifsq).length > 0) reached();
      }
    };
    watchSubqueueLocks(world, look);
    watchHardwareSerializers(world, look);
  },
});

/** Some run moves the duty to a stage, an IPI, a message. */
const carriedByStages = carried(
  "stages",
  "Some stage owes a forced schedule of if_start.",
  ["staged-rollup"],
);
const carriedByIpis = carried("ipis", "Some IPI in flight carries the duty to call if_start.", [
  "serializer-contention",
  "owner-migration",
]);
const carriedByMessages = carried(
  "messages",
  "Some if_start message carries the duty to call if_start.",
  ["serializer-contention"],
);

/** Some run drops the interlock because the hardware is full. */
const droppedWhenBusy: Sometimes = {
  kind: "sometimes",
  name: "interlock-dropped-when-busy",
  promise: "The interlock is dropped with packets waiting because the ring is full.",
  scenarios: ["ring-full"],
  watch(world, reached) {
    watchSubqueueLocks(world, () => {
      for (const { ifsq } of subqueues(world)) {
        const busy = ifsq.ifsq_hw_oactive.peek() !== 0;
        if (busy && ifsq.ifsq_started.peek() === 0 && ifsq.ifsq_len.peek() > 0) reached();
      }
    });
  },
};

/** The family. */
export const IF_START_INTERLOCK = [
  // First: where a packet waits because nobody releases the interlock, that is the cause.
  interlockIsReleased,
  noLostStart,
  oactiveEnds,
  carriedByStages,
  carriedByIpis,
  carriedByMessages,
  droppedWhenBusy,
] as const;
