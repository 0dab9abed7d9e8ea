/** What a recorded operation sequence can be replayed on. */
import type { IfqConfig, IfqOp, IfqState } from "./ifq-format.ts";

/** What a sequence is replayed on; the model, unless a test brings something else. */
export interface Replayer {
  /** What the set-up came to, compared with the recorded configuration. */
  readonly limits: Pick<IfqConfig, "maxlen" | "maxbcnt">;
  /** Runs one operation to completion; the state after it. Throws `RunFailure`. */
  apply(op: IfqOp): IfqState;
}
