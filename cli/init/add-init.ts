/** The command `init`, as the command line knows it. */
import { Command } from "@commander-js/extra-typings";
import type { Exit } from "../exit-codes.ts";
import { EXAMPLES } from "../help.ts";
import type { Io } from "../io.ts";
import { init } from "./init.ts";

/** Adds the command. */
export function addInit(program: Command, io: Io, done: (exit: Exit) => void): void {
  program
    .command("init")
    .description("write a project to begin with: configuration, a driver with a planted bug, a scenario and a property that show it, a CI workflow")
    .argument("[dir]", "its folder", ".")
    .addHelpText("after", `\n${EXAMPLES.init}`)
    .action((dir) => done(init(io, dir)));
}
