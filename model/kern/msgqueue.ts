/**
 * The queues of a port: priority messages first, first in first out in each.
 *
 * Mirrors: sys/kern/lwkt_msgport.c `_lwkt_pushmsg`, `_lwkt_pullmsg`, `_lwkt_pollmsg`.
 *
 * Plain functions: they run inside the one step of a port operation, which stands for the port's spinlock or for
 * the owner's critical section.
 */
import { TAILQ_FIRST, TAILQ_INSERT_TAIL, TAILQ_REMOVE } from "../sys/queue.ts";
import { MSGF_PRIORITY, MSGF_QUEUED, msgFlags, setMsgFlags, type LwktMsg, type LwktPort } from "./msgport.ts";

/** Appends a message, setting `MSGF_QUEUED` and what else is asked for. */
export function _lwkt_pushmsg(port: LwktPort, msg: LwktMsg, set = 0): void {
  const flags = msgFlags(msg);
  setMsgFlags(msg, flags | MSGF_QUEUED | set);
  TAILQ_INSERT_TAIL((flags & MSGF_PRIORITY) !== 0 ? port.mp_msgq_prio : port.mp_msgq, msg);
}

/** Removes a message. */
export function _lwkt_pullmsg(port: LwktPort, msg: LwktMsg): void {
  const flags = msgFlags(msg);
  TAILQ_REMOVE((flags & MSGF_PRIORITY) !== 0 ? port.mp_msgq_prio : port.mp_msgq, msg);
  setMsgFlags(msg, flags & ~MSGF_QUEUED);
}

/** The next message, which stays. */
const _lwkt_pollmsg = (port: LwktPort): LwktMsg | null =>
  TAILQ_FIRST(port.mp_msgq_prio) ?? TAILQ_FIRST(port.mp_msgq);

/** Takes the next message, or null. */
export function takeNext(port: LwktPort): LwktMsg | null {
  const msg = _lwkt_pollmsg(port);
  if (msg !== null) _lwkt_pullmsg(port, msg);
  return msg;
}
