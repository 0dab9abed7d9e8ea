/** Replays the run of an outcome specification that a token carries. */
import { Recording, Replay } from "../sim/index.ts";
import { interleaving } from "../reports/index.ts";
import { codeIdentity } from "./code-identity.ts";
import { Exit } from "./exit-codes.ts";
import { paintOf, say, widthOf, type Io } from "./io.ts";
import { modelledNames } from "./stack.ts";
import { Storyteller } from "./storyteller.ts";
import { outcomeFingerprint, type OutcomeToken } from "./tokens.ts";

/** Prints the interleaving and the final state; exit 1 when it is the recorded one: it should not be reached. */
export async function replayOutcome(io: Io, token: OutcomeToken): Promise<Exit> {
  const { runOutcome } = await import("../scenarios/index.ts");
  const strategy = new Replay(token.choices);
  strategy.begin();
  const tellers: Storyteller[] = [];
  const { outcome, result } = runOutcome(token.config, strategy, new Recording(), (x) => {
    const teller = new Storyteller(x, modelledNames);
    tellers.push(teller);
    x.observer = teller;
  });
  const story = tellers[0]?.finish(result) ?? { columns: [], rows: [] };
  say(io, [...interleaving(story, widthOf(io.stdout), paintOf(io.stdout)), ""]);
  if (outcome === null) {
    say(io, ["inconclusive: a bound was reached"]);
    return Exit.Passed;
  }
  const text = typeof outcome === "string" ? outcome : JSON.stringify(outcome);
  const same = outcomeFingerprint(text) === token.fingerprint;
  say(io, [`comes to ${same ? "the recorded outcome" : "another outcome than recorded"}: ${text}`]);
  if (same) return Exit.Failed;
  return token.code === codeIdentity(null) ? Exit.Nondeterminism : Exit.Passed;
}
