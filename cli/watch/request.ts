/** What `--watch` goes together with. */
import { UsageError } from "../errors.ts";
import type { WatchOptions } from "./watch.ts";

/** Options of a check that matter to watching it. */
interface Given {
  readonly config?: string | undefined;
  readonly seed?: number | undefined;
  readonly scenario?: string | undefined;
  readonly json: boolean;
  readonly shard?: unknown;
  readonly coverage?: unknown;
  readonly classes: boolean;
  readonly untilRisk?: unknown;
  readonly regressions?: string | boolean | undefined;
  readonly reporter?: readonly string[] | undefined;
}

/** `args`: the whole command line. Throws a {@link UsageError} for an option that means nothing to somebody who edits. */
export function watchRequest(args: readonly string[], given: Given): WatchOptions {
  const refused: readonly [boolean, string, string][] = [
    [given.json, "--json", "it prints one line for each round"],
    [given.shard !== undefined, "--shard", "nobody would merge the rounds"],
    [given.coverage !== undefined, "--coverage", "a round covers what an edit touches"],
    [given.classes, "--classes", "a round is of what an edit touches"],
    [given.untilRisk !== undefined, "--until-risk", "a round is of what an edit touches"],
    [given.regressions === false, "--no-regressions", "what failed is replayed first from there"],
    [given.reporter?.includes("tap") === true, "--reporter tap", "it prints one line for each round"],
  ];
  const found = refused.find(([applies]) => applies);
  if (found !== undefined) throw new UsageError(`--watch and ${found[1]} do not go together: ${found[2]}`);
  return {
    args: args.filter((arg, i) => arg !== "--watch" && (arg !== "check" || args.indexOf("check") !== i)),
    config: given.config ?? null,
    seed: given.seed ?? null,
    scenario: given.scenario ?? null,
  };
}
