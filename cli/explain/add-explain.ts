/** The commands `explain` and `verify-fix`, as the command line knows them. */
import { Command } from "@commander-js/extra-typings";
import { integer } from "../arguments.ts";
import type { Exit } from "../exit-codes.ts";
import { CONFIG, EXAMPLES, EXPLAIN_EXITS, VERIFY_EXITS } from "../help.ts";
import type { Io } from "../io.ts";
import type { EngineLoader } from "../load-engine.ts";
import { explain } from "./explain.ts";
import { verifyFix } from "./verify-fix.ts";

const MOST = 100_000_000;

/** Adds the commands. */
export function addExplain(program: Command, io: Io, load: EngineLoader, done: (exit: Exit) => void): void {
  program
    .command("explain")
    .description("say why a run fails: which operation has to come after which for it to pass, and what it depends on")
    .argument("<token>", "a token of a failing run, or a file that holds one")
    .option("--variant <name>", "on this variant instead of the one it was recorded on")
    .option("--budget <runs>", "runs to spend on finding a passing order", integer("--budget", 1, MOST), 1000)
    .option("--json", "as JSON", false)
    .option(...CONFIG)
    .addHelpText("after", `\n${EXAMPLES.explain}\n\n${EXPLAIN_EXITS}`)
    .action(async (source, { variant, budget, json }) =>
      done(await explain(io, load, { source, variant: variant ?? null, budget, json })));
  program
    .command("verify-fix")
    .description("search around the schedule of a failing run, on the model as it is now or on a variant")
    .argument("<token>", "a token of the run that failed, or a file that holds one")
    .option("--variant <name>", "the fixed model (default: the model as it is)")
    .option("--budget <runs>", "schedules around the recorded one, at most", integer("--budget", 1, MOST), 20_000)
    .option("--runs <n>", "random runs", integer("--runs", 0, MOST), 100_000)
    .option(...CONFIG)
    .addHelpText("after", `\n${EXAMPLES.verify}\n\n${VERIFY_EXITS}`)
    .action(async (source, { variant, budget, runs }) =>
      done(await verifyFix(io, load, { source, variant: variant ?? null, budget, runs })));
}
