/** Messages: one owner at a time, and none is left behind. */
import { MSGF_DONE, MSGF_QUEUED, ifstartMessagesPending, type LwktMsg } from "../../model/index.ts";
import type { World } from "../../scenarios/index.ts";
import type { Always, Eventually } from "../property.ts";
import { subqueues, watchHardwareSerializers, watchLock, watchSubqueueLocks } from "../view.ts";

function queued(world: World): { port: string; msg: LwktMsg }[] {
  return world.k.net.netreglist.flatMap((port) =>
    [...port.mp_msgq_prio, ...port.mp_msgq].map((msg) => ({ port: port.label, msg })),
  );
}

/** A message is on one port at most, and says so. */
const oneOwner: Always = {
  kind: "always",
  name: "message-has-one-owner",
  promise: "A message on the port of a network thread is on no other, is marked queued, and is not done.",
  watch(world, evaluate) {
    watchSubqueueLocks(world, evaluate);
    watchHardwareSerializers(world, evaluate);
    watchLock(world.k.net.ifnet_mtx, evaluate);
  },
  holds(world) {
    const owner = new Map<LwktMsg, string>();
    for (const { port, msg } of queued(world)) {
      const flags = msg.ms_flags.peek();
      const other = owner.get(msg);
      if (other === undefined && (flags & (MSGF_QUEUED | MSGF_DONE)) === MSGF_QUEUED) {
        owner.set(msg, port);
        continue;
      }
      return [
        ["message", msg.label],
        ["on", other === undefined ? port : `${other} and ${port}`],
        ["ms_flags", `0x${flags.toString(16)}`],
      ];
    }
    return null;
  },
};

/** Every message was handled. */
const nothingIsLeft: Eventually = {
  kind: "eventually",
  name: "messages-are-handled",
  promise: "Once the system is quiet no network thread has a message left, and every if_start message is done.",
  holds(world) {
    const [left] = queued(world);
    if (left !== undefined) {
      return [
        ["message", left.msg.label],
        ["on", left.port],
      ];
    }
    for (const { ifsq } of subqueues(world)) {
      const pending = ifstartMessagesPending(ifsq);
      if (pending.length > 0) {
        return [
          ["where", ifsq.label],
          ["if_start message not done on cpu", pending.join(", ")],
        ];
      }
    }
    return null;
  },
};

/** The family. */
export const MESSAGES = [oneOwner, nothingIsLeft] as const;
