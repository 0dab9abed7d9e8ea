/**
 * Tokens: locks that are held only while their holder runs.
 *
 * Mirrors: sys/kern/lwkt_token.c `lwkt_gettoken`, `lwkt_trytoken`, `lwkt_reltoken`, `lwkt_getalltokens`,
 * `lwkt_relalltokens`; sys/sys/mplock2.h.
 * Left out: shared tokens, pools.
 *
 * A thread that switches releases all its tokens, and goes on only when it can have all of them at once: state that
 * a token protects can change across anything that blocks, and token order cannot deadlock. A thread that lacks
 * one stays runnable. The scheduler takes the tokens in the same step in which the thread goes on.
 */
import { Gate, Op, SWITCH, packOp, type Routine, type Step } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import { KASSERT, panic } from "../panic.ts";
import { curthread, mycpu } from "./globaldata.ts";
import { lwkt_switch, repick } from "./lwkt_thread.ts";
import type { Thread } from "./thread.ts";
import { Token } from "./token.ts";

export { Token };

/** `LWKT_MAXTOKENS`. */
const LWKT_MAXTOKENS = 32;

/** A token. Context: boot or thread. Blocks: no. */
export const lwkt_token_init = (k: Kernel, label: string): Token => new Token(k.x, label);

/**
 * Takes a token, which the thread then has whenever it runs. Recursive.
 * Context: thread. Holds: no spinlock. Blocks: yes, but stays runnable. Releases: all tokens while it waits.
 */
export function* lwkt_gettoken(k: Kernel, token: Token): Routine<void> {
  const td = curthread(k);
  KASSERT(k, mycpu(k).gd_intr_nesting_level === 0, "lwkt_gettoken: in a hard code section");
  KASSERT(k, td.td_toks.length < LWKT_MAXTOKENS, "lwkt_gettoken: too many tokens");
  if (!k.x.point(packOp(Op.Try, token.object))) yield SWITCH;
  td.td_toks.push(token);
  if (token.t_owner === null || token.t_owner === td) {
    k.x.succeeded();
    hold(td, token);
    reconsider(k);
    return;
  }
  td.waits(token.label, token);
  yield* lwkt_switch(k);
  td.waits(null);
}

/** Takes a token if it is free; true on success. Context: thread. Holds: anything. Blocks: no. */
export function lwkt_trytoken(k: Kernel, token: Token): Step<boolean> {
  if (k.x.point(packOp(Op.Try, token.object))) return k.x.ready(tryNow(k, token));
  return trySlow(k, token);
}

function* trySlow(k: Kernel, token: Token): Routine<boolean> {
  yield SWITCH;
  return tryNow(k, token);
}

function tryNow(k: Kernel, token: Token): boolean {
  const td = curthread(k);
  if (token.t_owner !== null && token.t_owner !== td) return false;
  k.x.succeeded();
  td.td_toks.push(token);
  hold(td, token);
  reconsider(k);
  return true;
}

/** Gives a token up; the last one taken first. Context: thread. Holds: the token. Blocks: no. */
export function lwkt_reltoken(k: Kernel, token: Token): Step<void> {
  if (!k.x.point(packOp(Op.Release, token.object))) return relSlow(k, token);
  relNow(k, token);
  return k.x.ready(undefined);
}

function* relSlow(k: Kernel, token: Token): Routine<void> {
  yield SWITCH;
  relNow(k, token);
}

function relNow(k: Kernel, token: Token): void {
  const td = curthread(k);
  if (td.td_toks.at(-1) !== token) {
    panic(k, "lwkt_reltoken: illegal release of token", [["token", token.label]]);
  }
  td.td_toks.pop();
  if (--token.t_count > 0) return;
  token.t_owner = null;
  reconsider(k);
}

/** Panics unless the running thread holds the token. */
export function ASSERT_LWKT_TOKEN_HELD(k: Kernel, token: Token): void {
  KASSERT(k, token.t_owner === curthread(k), `assert held: ${token.label}`);
}

// -- the MP lock ------------------------------------------------------------------------------------------

/** `mp_token`, made when first asked for. */
export const mp_token = (k: Kernel): Token => (k.tokens.mp ??= new Token(k.x, "mp_token"));

/** Takes the MP lock. Context: thread. Holds: no spinlock. Blocks: yes, but stays runnable. */
export const get_mplock = (k: Kernel): Routine<void> => lwkt_gettoken(k, mp_token(k));
/** Takes the MP lock if it is free. Context: thread. Holds: anything. Blocks: no. */
export const try_mplock = (k: Kernel): Step<boolean> => lwkt_trytoken(k, mp_token(k));
/** Gives the MP lock up. Context: thread. Holds: the MP lock. Blocks: no. */
export const rel_mplock = (k: Kernel): Step<void> => lwkt_reltoken(k, mp_token(k));

// -- the scheduler's side -----------------------------------------------------------------------------------

/** Does the thread need tokens to run? */
export const needsTokens = (td: Thread): boolean => td.td_toks.length > 0;

/** Could the thread have all its tokens now? */
export function tokensAvailable(td: Thread): boolean {
  return missing(td) === null;
}

function missing(td: Thread): Token | null {
  return td.td_toks.find((token) => token.t_owner !== null && token.t_owner !== td) ?? null;
}

function hold(td: Thread, token: Token): void {
  token.t_owner = td;
  token.t_count++;
}

/** The thread switches: it gives up what it holds. */
export function releaseTokens(k: Kernel, td: Thread): void {
  for (const token of td.td_toks) {
    if (token.t_owner !== td) continue;
    token.t_owner = null;
    token.t_count = 0;
  }
  reconsider(k);
}

/** The thread was chosen: it goes on when all its tokens are free. */
export function armCandidate(k: Kernel, td: Thread): void {
  const gate = (td.tokenGate ??= new Gate(k.x, "tokens"));
  td.context.gate = gate;
  gate.waiters.push(td.context);
  k.tokens.candidates.push(td);
  adjust(td, gate);
}

/** The thread is no longer chosen. */
export function standDown(k: Kernel, td: Thread): void {
  const { candidates } = k.tokens;
  candidates.splice(candidates.indexOf(td), 1);
  td.context.gate = null;
  const waiters = td.tokenGate?.waiters ?? [];
  waiters.splice(waiters.indexOf(td.context), 1);
}

/** The thread goes on: it takes all its tokens. */
export function resumeWithTokens(k: Kernel, td: Thread): void {
  standDown(k, td);
  for (const token of td.td_toks) {
    k.x.recording.append(packOp(Op.Acquire, token.object));
    hold(td, token);
  }
  reconsider(k);
}

/** Tokens changed hands: who waits for them to go on may now, or may not any more. */
function reconsider(k: Kernel): void {
  const { candidates } = k.tokens;
  if (candidates.length === 0) return;
  for (const td of [...candidates]) {
    if (td.tokenGate !== null) adjust(td, td.tokenGate);
    repick(k, td.td_gd);
  }
}

/** Opens or closes the gate of a candidate. */
function adjust(td: Thread, gate: Gate): void {
  gate.change(missing(td)?.owner ?? null);
}
