/** Stories: what contexts say, over all schedules. */
import type { Execution } from "./execution.ts";
import { explore, type Program } from "./explorer.ts";
import { Op } from "./operation.ts";
import type { Routine } from "./point.ts";
import { Exhaustive } from "./strategies/exhaustive.ts";

/** What was said in each of all schedules. */
export function stories(setup: (x: Execution, say: (what: string) => void) => void): readonly string[] {
  const all = new Set<string>();
  let said: string[] = [];
  const program: Program = {
    setup(x) {
      said = [];
      setup(x, (what) => void said.push(what));
    },
  };
  explore({ program, strategy: new Exhaustive(), seed: "none", runs: 10_000 }, ({ outcome, failure }) => {
    all.add(outcome === "passed" ? said.join(" ") : (failure?.id ?? outcome));
    return undefined;
  });
  return [...all].sort();
}

/** Says one word after each point. */
export function* say(x: Execution, tell: (what: string) => void, ...words: readonly string[]): Routine<void> {
  for (const each of words) {
    yield* x.pause(Op.Yield);
    tell(each);
  }
}
