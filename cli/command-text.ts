/** Command lines as text that can be pasted into a shell. */
import type { CheckOptions } from "./check.ts";
import { shardText } from "./units.ts";

/** Words of a command line, quoted where a shell would take them apart. */
export const commandText = (words: readonly string[]): string =>
  words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");

/** An option with its value; nothing when it was not given. */
const option = (name: string, value: string | number | null): readonly string[] =>
  value === null ? [] : [name, String(value)];

/** The command line that makes the same check. */
export function commandOf(options: CheckOptions, seed: number): string {
  const { scenario, property, strategy, runs, long, shard, classes, untilRisk, bail, variant, memory, regressions, out } = options;
  return commandText([
    "npx", "interlock", "check",
    ...option("--seed", seed),
    ...option("--scenario", scenario),
    ...option("--property", property),
    ...option("--strategy", strategy),
    ...option("--runs", runs),
    ...(long ? ["--long"] : []),
    ...option("--shard", shard === null ? null : shardText(shard)),
    ...(classes ? ["--classes"] : []),
    ...option("--until-risk", untilRisk),
    ...(bail ? ["--bail"] : []),
    ...option("--variant", variant),
    ...option("--memory", memory === "sc" ? null : memory),
    ...(regressions === false ? ["--no-regressions"] : option("--regressions", regressions)),
    ...option("--out", out),
  ]);
}
