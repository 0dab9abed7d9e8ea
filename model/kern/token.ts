/**
 * Tokens, as data. {@link lwkt_token.ts} takes and releases them, the scheduler takes them back.
 */
import type { Context, Execution } from "../../sim/index.ts";
import type { Thread } from "./thread.ts";

/** `struct lwkt_token`, exclusive. Held by a thread only while it runs. */
export class Token {
  readonly label: string;
  readonly object: number;
  t_owner: Thread | null = null;
  /** Times the owner holds it. */
  t_count = 0;

  constructor(x: Execution, label: string) {
    this.label = label;
    this.object = x.register(this);
  }

  /** The holding context: a token may guard a field. */
  get owner(): Context | null {
    return this.t_owner?.context ?? null;
  }
}

/** All that concerns tokens of one kernel. */
export class Tokens {
  /** `mp_token`; made when first used. */
  mp: Token | null = null;
  /** Threads that are current on their CPU and not running yet: they go on when all their tokens are free. */
  readonly candidates: Thread[] = [];
}
