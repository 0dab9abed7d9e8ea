/** The command `explore`, as the command line knows it. */
import { Command } from "@commander-js/extra-typings";
import { MEMORY_MODELS } from "../../sim/index.ts";
import { integer, oneOf } from "../arguments.ts";
import { Exit } from "../exit-codes.ts";
import { CONFIG, EXAMPLES, EXIT_CODES, MEMORY_HELP } from "../help.ts";
import type { Io } from "../io.ts";
import type { EngineLoader } from "../load-engine.ts";
import { explore } from "./explore.ts";

const MOST = 1_000_000_000;
const USUAL = 100_000;

/** Adds the command. */
export function addExplore(program: Command, io: Io, load: EngineLoader, done: (exit: Exit) => void): void {
  program
    .command("explore")
    .description("verify a small configuration of a scenario: one execution of every order that could be noticed")
    .argument("<scenario>", "see list")
    .option("--strategy <name[:k=v,...]>", "a complete search", "dpor")
    .option("--executions <n>", "give up after so many", integer("--executions", 1, MOST), USUAL)
    .option("--property <name>", "arm only this property")
    .option("--variant <name>", "explore this variant of the model (see list)")
    .option("--memory <sc|tso|pso>", MEMORY_HELP, oneOf("--memory", MEMORY_MODELS), "sc" as const)
    .option("--inconclusive <report|fail>", "a search that did not end", oneOf("--inconclusive", ["report", "fail"] as const), "report" as const)
    .option(...CONFIG)
    .addHelpText("after", `\n${EXAMPLES.explore}\n\n${EXIT_CODES}`)
    .action(async (scenario, options) => done(await explore(io, load, {
      scenario,
      strategy: options.strategy,
      executions: options.executions,
      property: options.property ?? null,
      variant: options.variant ?? null,
      memory: options.memory,
      strict: options.inconclusive === "fail",
    })));
}
