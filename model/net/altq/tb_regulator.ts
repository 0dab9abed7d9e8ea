/**
 * The state of a token bucket regulator.
 *
 * Mirrors: sys/net/altq/if_altq.h, `struct tb_regulator`.
 */
import {
  Struct,
  frozen,
  guardedBy,
  type Frozen,
  type Guard,
  type Guarded,
} from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";

/** `struct tb_regulator`: rates and tokens in bytes scaled by 2^32, as the kernel's 64-bit integers. */
export class TbRegulator extends Struct {
  /** Scaled bytes per machine clock tick. */
  readonly tbr_rate: Frozen<bigint>;
  /** Most tokens the bucket holds. */
  readonly tbr_depth: Frozen<bigint>;
  /** Tokens now; may be negative. */
  readonly tbr_token: Guarded<bigint>;
  /** Machine clock ticks that fill an empty bucket. */
  readonly tbr_filluptime: Frozen<bigint>;
  /** Machine clock when the tokens were last brought up to date. */
  readonly tbr_last: Guarded<bigint>;
  /** `ALTDQ_*` of the last dequeue that passed the check. */
  readonly tbr_lastop: Guarded<number>;

  constructor(k: Kernel, label: string, lock: Guard) {
    super(k.x, label);
    this.tbr_rate = frozen(this, 0n);
    this.tbr_depth = frozen(this, 0n);
    this.tbr_token = guardedBy(this, lock, 0n);
    this.tbr_filluptime = frozen(this, 0n);
    this.tbr_last = guardedBy(this, lock, 0n);
    this.tbr_lastop = guardedBy(this, lock, 0);
  }
}
