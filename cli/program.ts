/** The command line: what it accepts, what its help teaches, and how errors leave it. */
import { Command, CommanderError, Option } from "@commander-js/extra-typings";
import { MEMORY_MODELS } from "../sim/index.ts";
import { integer, oneOf, parseJobs, parseRisk, parseRuns, parseSeed, parseShrinkBudget } from "./arguments.ts";
import { check } from "./check.ts";
import { conform } from "./conform.ts";
import { COVERAGE_SHOWN } from "./coverage.ts";
import { USUAL_CREW } from "./crew.ts";
import { UsageError, debugLines, isEngineFault, isUsageError, messageOf, oneLine, quote } from "./errors.ts";
import { Exit } from "./exit-codes.ts";
import { CONFIG, EXAMPLES, EXIT_CODES, MEMORY_HELP, REPLAY_EXITS, REPORTER_HELP, SCENARIO } from "./help.ts";
import type { Io } from "./io.ts";
import { addCorpus } from "./corpus/corpus-command.ts";
import { addExplain } from "./explain/add-explain.ts";
import { addExplore } from "./explore/add-explore.ts";
import { addCoverage } from "./lines/add-coverage.ts";
import { addInit } from "./init/add-init.ts";
import { findings } from "./findings-command.ts";
import { list } from "./list.ts";
import { loadEngine, type EngineLoader } from "./load-engine.ts";
import { merge } from "./merge.ts";
import { outcomes } from "./outcomes.ts";
import { applyDefaults } from "./project/defaults.ts";
import { findProject, type Project } from "./project/project.ts";
import { REPLAY_FORMATS } from "./replay-format.ts";
import { replay } from "./replay.ts";
import { addSimulate } from "./simulate-command.ts";
import { collectReporters } from "./reporter-names.ts";
import { parseShard } from "./units.ts";
import { watchRequest } from "./watch/request.ts";
import { watch } from "./watch/watch.ts";

const STRICTNESS = ["report", "fail"] as const;

/** Runs one command line (without `node` and the script); returns the exit code. Never throws. */
export async function runCli(
  args: readonly string[],
  io: Io,
  load: EngineLoader = loadEngine,
): Promise<Exit> {
  let exit: Exit = Exit.Passed;
  try {
    const nul = args.find((arg) => arg.includes("\u0000"));
    if (nul !== undefined) throw new UsageError(`${quote(nul)}: no name holds a null character`);
    await makeProgram(args, io, load, (code) => {
      exit = code;
    }).parseAsync([...args], { from: "user" });
    return exit;
  } catch (error) {
    return exitOfError(error, io);
  }
}

function exitOfError(error: unknown, io: Io): Exit {
  if (error instanceof CommanderError) return error.exitCode === 0 ? Exit.Passed : Exit.Usage;
  if (isUsageError(error)) {
    io.stderr.write(`interlock: ${error.message}\n`);
    return Exit.Usage;
  }
  const fault = isEngineFault(error) ? error.message : `internal error: ${oneLine(messageOf(error))}`;
  io.stderr.write(`interlock: ${fault}\n`);
  io.stderr.write("interlock: this is a fault of Interlock, not of the kernel: please report it with the command line\n");
  for (const line of debugLines(error)) io.stderr.write(`${line}\n`);
  return isEngineFault(error) ? error.exit : Exit.EngineFault;
}

function makeProgram(args: readonly string[], io: Io, loadWith: EngineLoader, done: (exit: Exit) => void): Command {
  let project: Project | null = null;
  const load: EngineLoader = (outside, variant) => loadWith(outside, variant, project);
  const program = new Command("interlock")
    .description("Searches the interleavings of a kernel's network-interface layer for broken promises.")
    .version(io.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => write(`interlock: ${oneLine(text).replace(/^error: /, "")}\n`),
      getOutHelpWidth: () => 100,
      getErrHelpWidth: () => 100,
    })
    .addHelpText("after", `\n${EXAMPLES.interlock}\n\n${EXIT_CODES}`);
  program.hook("preAction", async (_program, command) => {
    if (!command.options.some(({ long }) => long === "--config")) return;
    const { config = null } = command.opts() as { readonly config?: string };
    project = await findProject(io.root, io.cwd, config);
    if (project !== null && command.name() === "check") applyDefaults(command, project);
  });
  addCheck(program, args, io, load, done);
  addMerge(program, io, load, done);
  addInit(program, io, done);
  program
    .command("replay")
    .description("run exactly the run of a token again, and print its interleaving")
    .argument("<token-or-file>", "a token, or a file that holds one")
    .option("--variant <name>", "run it on this variant instead of the one it was recorded on")
    .addOption(new Option("--format <name>", "print the run in this format on standard output, the verdict on standard error").choices(REPLAY_FORMATS))
    .option("--sources <dir>", "folder of the seed documents, whose text a page shows (--format html)")
    .option(...CONFIG)
    .addHelpText("after", `\n${EXAMPLES.replay}\n\n${REPLAY_EXITS}`)
    .action(async (source, { variant, format, sources }) =>
      done(await replay(io, load, source, variant ?? null, undefined, { format: format ?? null, sources: sources ?? null })));
  addLists(program, io, load, done);
  program
    .command("conform")
    .description("replay recorded kernel behaviour through the model and compare every state")
    .argument("<files...>", "recorded sequences, plain or gzip; the format is told from the content")
    .addHelpText("after", `\n${EXAMPLES.conform}`)
    .action(async (files) => done(await conform(io, files)));
  program
    .command("outcomes")
    .description("explore specifications and compare the reachable final states with the recorded ones")
    .argument("<specs...>", "outcome specifications")
    .addHelpText("after", `\n${EXAMPLES.outcomes}`)
    .action(async (files) => done(await outcomes(io, files)));
  addExplore(program, io, load, done);
  addExplain(program, io, load, done);
  addCorpus(program, io, done);
  addSimulate(program, io, load, done);
  addCoverage(program, io, done);
  return program;
}

function addLists(program: Command, io: Io, load: EngineLoader, done: (exit: Exit) => void): void {
  program
    .command("list")
    .description("list scenarios, properties, strategies, variants and findings")
    .option("--json", "as JSON", false)
    .option(...CONFIG)
    .addHelpText("after", `\n${EXAMPLES.list}`)
    .action(async ({ json }) => done(await list(io, load, json)));
  program
    .command("findings")
    .description("list what is known to be wrong with the seed: how it shows, where, and whether a fix is kept")
    .option("--json", "as JSON, with the reasons and tokens", false)
    .addHelpText("after", `\n${EXAMPLES.findings}`)
    .action(({ json }) => done(findings(io, json)));
}

// What check and merge have in common: what becomes of the results.
const REPORTER = ["--reporter <names>", REPORTER_HELP, collectReporters] as const;
const SOURCES = ["--sources <dir>", "folder of the seed documents: pages of --reporter html show their text beside the steps"] as const;
const OUT = ["--out <dir>", "folder for what reporters write (default: interlock-out)"] as const;
const RESULTS = ["--json", "print results.json on standard output, everything else on standard error", false] as const;
const STALE = ["--stale <report|fail>", "findings and regressions of which nothing is known any more", oneOf("--stale", STRICTNESS), "report"] as const;
const INCONCLUSIVE =
  ["--inconclusive <report|fail>", "runs that hit a bound, promises never reached", oneOf("--inconclusive", STRICTNESS), "report"] as const;

const SHRINK_BUDGET = [
  "--shrink-budget <n>",
  "runs spent on making each new failure smaller; 0: none (default: 200 to 3000, by how many failures there are)",
  parseShrinkBudget,
] as const;

function addCheck(program: Command, args: readonly string[], io: Io, load: EngineLoader, done: (exit: Exit) => void): void {
  program
    .command("check")
    .description("search interleavings of the scenarios for broken promises")
    .option(...SCENARIO)
    .option("--property <name>", "arm only this property")
    .option("--strategy <name[:k=v,...]>", "only this strategy, instead of the portfolio")
    .option("--seed <n>", "first seed, 1 to 15 digits (drawn and printed when absent)", parseSeed)
    .option("--runs <n>", "total number of runs, divided over the plan", parseRuns)
    .option("--long", "the plan with twelve times the runs, for about ten minutes", false)
    .option("--jobs <n>", "worker threads (default: one per core); 0: none, for a debugger", parseJobs)
    .option("--shard <i/n>", "only every n-th run of the plan, from the i-th on; merge puts the shards together", parseShard)
    .option("--classes", "count happens-before classes, and estimate how likely the next run shows a new one", false)
    .option("--until-risk <p>", "end each strategy of a scenario where a new class is so unlikely, such as 0.01; counts classes", parseRisk)
    .option("--watch", "stay, and after each edit check what it touches, failures first", false)
    .option("--bail", "stop at the first new failure, in plan order", false)
    .option("--variant <name>", "check this variant of the model (see list)")
    .option("--memory <sc|tso|pso>", MEMORY_HELP, oneOf("--memory", MEMORY_MODELS), "sc" as const)
    .addOption(new Option("--coverage [shown]", "collect protocol coverage; all: print every empty cell").choices(COVERAGE_SHOWN).preset("some"))
    .option(...REPORTER)
    .option(...OUT)
    .option(...SOURCES)
    .option(...RESULTS)
    .option("--regressions <dir>", "folder of failures to replay first and to keep new ones in (default: regressions)")
    .option("--no-regressions", "replay none and keep none")
    .option(...STALE)
    .option(...INCONCLUSIVE)
    .option(...SHRINK_BUDGET)
    .option("--stock", "the stock scenarios too, where the project has its own", false)
    .option(...CONFIG)
    .option("--run-timeout <s>", "give a run up that takes longer, seconds", integer("--run-timeout", 1, 86_400), USUAL_CREW.patienceMs / 1000)
    .option("--worker-memory <mib>", "heap of a worker thread, MiB", integer("--worker-memory", 64, 65_536), USUAL_CREW.memoryMiB)
    .addHelpText("after", `\n${EXAMPLES.check}\n\n${EXIT_CODES}`)
    .action(async (options) => done(options.watch ? await watch(io, watchRequest(args, options)) : await check(io, load, {
      scenario: options.scenario ?? null,
      property: options.property ?? null,
      strategy: options.strategy ?? null,
      seed: options.seed ?? null,
      runs: options.runs ?? null,
      classes: options.classes,
      untilRisk: options.untilRisk ?? null,
      long: options.long,
      bail: options.bail,
      jobs: options.jobs ?? io.cores,
      shard: options.shard ?? null,
      patienceMs: 1000 * options.runTimeout,
      memoryMiB: options.workerMemory,
      variant: options.variant ?? null,
      memory: options.memory,
      coverage: options.coverage ?? null,
      reporters: options.reporter ?? [],
      out: options.out ?? null,
      sources: options.sources ?? null,
      json: options.json,
      regressions: regressionsOf(options.regressions),
      stock: options.stock,
      stale: options.stale,
      inconclusive: options.inconclusive,
      shrinkBudget: options.shrinkBudget ?? null,
    })));
}

function addMerge(program: Command, io: Io, load: EngineLoader, done: (exit: Exit) => void): void {
  program
    .command("merge")
    .description("put the shards of a plan together: results and exit code are those of one check")
    .argument("<folders...>", "the --out folder of every shard")
    .addOption(new Option("--coverage [shown]", "how much of merged protocol coverage is printed").choices(COVERAGE_SHOWN).preset("some"))
    .option(...REPORTER)
    .option(...OUT)
    .option(...SOURCES)
    .option(...RESULTS)
    .option("--regressions <dir>", "folder to keep new failures in (default: regressions)")
    .option("--no-regressions", "keep none")
    .option(...STALE)
    .option(...INCONCLUSIVE)
    .option(...SHRINK_BUDGET)
    .addHelpText("after", `\n${EXAMPLES.merge}\n\n${EXIT_CODES}`)
    .action(async (folders, options) => done(await merge(io, load, folders, {
      coverage: options.coverage ?? null,
      reporters: options.reporter ?? [],
      out: options.out ?? null,
      sources: options.sources ?? null,
      json: options.json,
      regressions: regressionsOf(options.regressions),
      stale: options.stale,
      inconclusive: options.inconclusive,
      shrinkBudget: options.shrinkBudget ?? null,
    })));
}

/** Commander says nothing or true where nothing was said, false at `--no-regressions`. */
const regressionsOf = (given: string | boolean | undefined): string | null | false =>
  given === undefined || given === true ? null : given;
