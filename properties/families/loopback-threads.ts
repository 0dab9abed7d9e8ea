/** XNU's loopback interface: its threads, their sleeps, and the interface that goes away. */
import { IFNET_SCHED_MODEL_NORMAL } from "../../model/index.ts";
import { loopbackOf, type LoopbackRun, type World } from "../../scenarios/index.ts";
import type { Always, Broken, Eventually, Sometimes } from "../property.ts";
import { watchLock } from "../view.ts";
import { waitingIn } from "./loopback.ts";

const system = "xnu";

/** Would the start routine, if it ran now, take a packet of the send queue? */
function wouldTake(run: LoopbackRun): boolean {
  const { lo } = run.xnu;
  const queued = waitingIn(run);
  if (lo.lo_sched_model.peek() === IFNET_SCHED_MODEL_NORMAL) return queued.length > 0;
  return queued.some(({ sc }) => sc === lo.lo_dequeue_sc.peek());
}

function stranded(run: LoopbackRun): Broken {
  if (!wouldTake(run)) return null;
  const { ifp, xnu } = run;
  return [
    ["where", ifp.if_snd.label],
    ["queued", waitingIn(run).map(({ sc, m }) => `${m.label} (${sc})`).join(", ")],
    ["lo_sched_model, lo_dequeue_sc", `${String(xnu.lo.lo_sched_model.peek())}, ${xnu.lo.lo_dequeue_sc.peek()}`],
    ["if_start_req, if_start_active", `${String(ifp.if_start_req.peek())}, ${String(ifp.if_start_active.peek())}`],
  ];
}

/** Does some thread change what the start routine takes? */
const changesSettings = ({ config }: World): boolean => config.workload.some((actor) =>
  actor.kind === "loopback" && actor.ops.some((op) => op.do === "sched_model" || op.do === "dequeue_sc"));

/** No packet waits for a start thread that sleeps. */
const startKeepsUp: Eventually = {
  kind: "eventually",
  system,
  name: "loopback-start-keeps-up",
  promise: "Once the system is quiet, no packet waits that the start routine would take.",
  holds: (world) => (changesSettings(world) ? null : stranded(loopbackOf(world))),
};

/** Nor when what it takes has changed. */
const changesStrandNothing: Eventually = {
  kind: "eventually",
  system,
  name: "loopback-changes-strand-nothing",
  promise: "Once the system is quiet, no packet waits that the start routine would take since its settings have changed.",
  holds: (world) => (changesSettings(world) ? stranded(loopbackOf(world)) : null),
};

/** Whoever is asked is awake. */
const askedIsAwake: Always = {
  kind: "always",
  system,
  name: "loopback-asked-is-awake",
  promise: "Whenever its lock is free, a start thread that has been asked to start output does not sleep.",
  watch(world, evaluate) {
    watchLock(loopbackOf(world).ifp.if_start_lock, evaluate);
  },
  holds(world) {
    const { ifp } = loopbackOf(world);
    const asleep = ifp.startChannel.waiters.length > 0;
    if (!asleep || ifp.if_start_req.peek() === 0) return null;
    return [["if_start_req", String(ifp.if_start_req.peek())], ["start thread", "asleep"]];
  },
};

/** No packet waits for an input thread that sleeps. */
const inputKeepsUp: Eventually = {
  kind: "eventually",
  system,
  name: "loopback-input-keeps-up",
  promise: "Once the system is quiet, the mailbox of the input thread is empty.",
  holds(world) {
    const { input } = loopbackOf(world).xnu;
    const left = [...input.lo_rcvq_pkts.peek(), ...input.rcvq_pkts.peek()];
    if (left.length === 0) return null;
    return [
      ["left", left.map(({ label }) => label).join(", ")],
      ["input_waiting", `0x${(input.input_waiting.peek() >>> 0).toString(16)}`],
    ];
  },
};

/** The largest batch that was ever allowed. */
function mostAllowed({ settings, xnu }: LoopbackRun, everSet: readonly number[]): number {
  return Math.max(settings.dequeueMax, xnu.lo.lo_dequeue_max.peek(), ...everSet);
}

/** A batch is no larger than was allowed. */
const batchLimit: Always = {
  kind: "always",
  system,
  name: "loopback-batch-limit",
  promise: "One dequeue takes no more packets than max_dequeue has allowed so far.",
  watch(world, evaluate) {
    watchLock(loopbackOf(world).ifp.if_snd.ifcq_lock, evaluate);
  },
  holds(world) {
    const run = loopbackOf(world);
    const everSet = world.config.workload.flatMap((actor) => actor.kind !== "loopback" ? [] : actor.ops.flatMap((op) =>
      op.do === "max_dequeue" ? [Math.min(256, Math.max(1, op.value))] : []));
    const most = mostAllowed(run, everSet);
    const batch = run.ifp.if_snd.lastBatch;
    return batch <= most ? null : [["expected", `at most ${String(most)} packets`], ["got", String(batch)]];
  },
};

/** What is gone is left alone. */
const goneIsQuiet: Always = {
  kind: "always",
  system,
  name: "loopback-gone-is-quiet",
  promise: "Once the queue of a detached interface is torn down, nobody holds an IO reference, runs its driver or has packets in it.",
  watch(world, evaluate) {
    const { ifp } = loopbackOf(world);
    watchLock(ifp.if_ref_lock, evaluate);
    watchLock(ifp.if_lock, evaluate);
    watchLock(ifp.if_snd.ifcq_lock, evaluate);
  },
  holds(world) {
    const run = loopbackOf(world);
    const { ifp } = run;
    const refs = ifp.if_refio.peek();
    if (!ifp.torndown || (refs === 0 && ifp.inDriver === 0 && waitingIn(run).length === 0)) return null;
    return [
      ["if_refio", String(refs)],
      ["threads in the driver", String(ifp.inDriver)],
      ["queued", String(waitingIn(run).length)],
    ];
  },
};

/** A detach ends. */
const detachEnds: Eventually = {
  kind: "eventually",
  system,
  name: "loopback-detach-ends",
  promise: "Once the system is quiet, an interface whose detach was accepted is torn down and its start thread has ended.",
  holds(world) {
    const { ifp, xnu, returned } = loopbackOf(world);
    if (!returned.some(({ op, error }) => op === "detach" && error === 0)) return null;
    const thread = xnu.threads.get(ifp.if_xname);
    if (ifp.torndown && (thread === undefined || thread.life === "done")) return null;
    return [
      ["torn down", String(ifp.torndown)],
      ["start thread", thread?.life ?? "none"],
      ["if_refio", String(ifp.if_refio.peek())],
    ];
  },
};

/** All locks are given up. */
const locksAreFree: Eventually = {
  kind: "eventually",
  system,
  name: "loopback-locks-are-free",
  promise: "Once the system is quiet, no mutex of XNU is held.",
  holds(world) {
    const held = loopbackOf(world).xnu.mutexes.find(({ owner }) => owner !== null);
    return held === undefined ? null : [["mutex", held.label], ["held by", held.owner?.name ?? "nobody"]];
  },
};

/** Batches happen, so that what depends on the first packet of one is tested. */
const batches: Sometimes = {
  kind: "sometimes",
  system,
  name: "loopback-batches",
  promise: "Some dequeue takes several packets.",
  scenarios: ["loopback-senders"],
  watch(world, reached) {
    const { ifp } = loopbackOf(world);
    watchLock(ifp.if_snd.ifcq_lock, () => {
      if (ifp.if_snd.lastBatch > 1) reached();
    });
  },
};

/** The detacher sleeps for references. */
const waitsForReferences: Sometimes = {
  kind: "sometimes",
  system,
  name: "loopback-detach-waits",
  promise: "Some detach waits for IO references to be given back.",
  scenarios: ["loopback-detach"],
  watch(world, reached) {
    const { ifp } = loopbackOf(world);
    watchLock(ifp.if_ref_lock, () => {
      if (ifp.refioChannel.waiters.length > 0) reached();
    });
  },
};

/** The family. */
export const LOOPBACK_THREADS = [
  startKeepsUp, changesStrandNothing, askedIsAwake, inputKeepsUp, batchLimit, goneIsQuiet, detachEnds, locksAreFree, batches, waitsForReferences,
] as const;
