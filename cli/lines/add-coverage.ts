/** The command `coverage`: its options, as the command line gives them. */
import type { Command } from "@commander-js/extra-typings";
import { parseJobs, parseRuns, parseSeed } from "../arguments.ts";
import { USUAL_CREW } from "../crew.ts";
import { UsageError } from "../errors.ts";
import type { Exit } from "../exit-codes.ts";
import { EXAMPLES, SCENARIO } from "../help.ts";
import type { Io } from "../io.ts";
import { parseShard } from "../units.ts";
import { coverage } from "./coverage-command.ts";

const OF_RUNS = ["scenario", "strategy", "seed", "runs", "shard", "jobs"] as const;

/** Adds the command. */
export function addCoverage(program: Command, io: Io, done: (exit: Exit) => void): void {
  program
    .command("coverage")
    .description("run the plan of a check and tell which lines and branches of the C it reaches")
    .option("--out <dir>", "folder for lines.json, functions.txt, lines.txt, lcov.info and html/", "interlock-out")
    .option("--sources <dir>", "folder of the seed documents: renders html/ over their text")
    .option("--merge <dirs...>", "run nothing: add up what these folders have (shards, seeds, other plans)")
    .option(...SCENARIO)
    .option("--strategy <name[:k=v,...]>", "only this strategy, instead of the portfolio")
    .option("--seed <n>", "first seed, 1 to 15 digits (drawn when absent)", parseSeed)
    .option("--runs <n>", "total number of runs, divided over the plan", parseRuns)
    .option("--jobs <n>", "worker threads (default: one per core); 0: none", parseJobs)
    .option("--shard <i/n>", "only every n-th run of the plan, from the i-th on", parseShard)
    .option("--json", "print lines.json on standard output instead of the table", false)
    .addHelpText("after", `\n${EXAMPLES.coverage}\n\nExit codes: 0 done, whatever the runs found; 2 usage; 3 fault of Interlock; 130, 143 interrupted`)
    .action(async (options) => {
      const odd = options.merge === undefined ? undefined : OF_RUNS.find((name) => options[name] !== undefined);
      if (odd !== undefined) throw new UsageError(`--merge and --${odd} do not go together: merging runs nothing`);
      done(await coverage(io, {
        scenario: options.scenario ?? null,
        strategy: options.strategy ?? null,
        seed: options.seed ?? null,
        runs: options.runs ?? null,
        shard: options.shard ?? null,
        jobs: options.jobs ?? io.cores,
        merge: options.merge ?? null,
        sources: options.sources ?? null,
        out: options.out,
        json: options.json,
        ...USUAL_CREW,
      }));
    });
}
