/** The command `simulate`: its options, as the command line gives them. */
import { Command } from "@commander-js/extra-typings";
import { parseSeed } from "./arguments.ts";
import { UsageError, quote } from "./errors.ts";
import { Exit } from "./exit-codes.ts";
import { CONFIG, EXAMPLES } from "./help.ts";
import { paintOf, say, type Io } from "./io.ts";
import type { EngineLoader } from "./load-engine.ts";
import { costLines } from "./simulate-report.ts";
import { parseCost, parseSet, parseSetting, parseSweep, type Setting } from "./simulate-settings.ts";
import { simulate } from "./simulate.ts";

/** Adds the command. */
export function addSimulate(program: Command, io: Io, load: EngineLoader, done: (exit: Exit) => void): void {
  program
    .command("simulate")
    .description("run a workload in virtual time under the cost table: throughput, latency, CPU time, waits")
    .argument("[scenario]", "forwarding-1g, udp-flood, or a scenario of the catalogue (see list)")
    .option("--rate <n>", "packets offered a second, over all sources", parseSetting("rate"))
    .option("--packets <n>", "packets offered, 1 to 200000", parseSetting("packets"))
    .option("--size <bytes>", "data of each UDP datagram, 0 to 1472; up to 18 is the least frame", parseSetting("size"))
    .option("--jitter <ns>", "each packet is late by a drawn time below this", parseSetting("jitter"))
    .option("--link <mbps>", "speed of the card's link, Mb/s (default: 1000)", parseSetting("link"))
    .option("--cpus <n>", "CPUs, 1 to 8", parseCpus)
    .option("--cost <name=ns>", "another number for a line of the cost table; any number of times", parseCost)
    .option("--set <name=value>", "another value for anything that can be swept; any number of times", parseSet)
    .option("--sweep <name=v,v,...>", "run for each value of a cost, a number of the load (rate, packets, size, jitter, link) or of the topology (stageCntmax, ncpus, subqs, qmax, ringSize, ...); twice: each pair", parseSweep)
    .option("--plot <metric>", "what the charts of a sweep show: a column of --csv, or none", "cpu_ns")
    .option("--seed <n>", "draws the record of a scenario of the catalogue (default: its smallest), and the jitter", parseSeed)
    .option("--faults", "keep the faults of the record; usually the machine is well-behaved", false)
    .option("--driver <name>", "run it on this driver of the project instead of the record's")
    .option("--variant <name>", "run this variant of the model (see list)")
    .option(...CONFIG)
    .option("--csv", "print everything that was measured as CSV", false)
    .option("--json", "print it as JSON", false)
    .option("--out <dir>", "folder to write simulate.csv and simulate.json to")
    .option("--list-costs", "print the cost table: every number with its source", false)
    .addHelpText("after", `\n${EXAMPLES.simulate}`)
    .action(async (scenario, options) => {
      if (options.listCosts) {
        say(io, costLines(paintOf(io.stdout)));
        return done(Exit.Passed);
      }
      if (scenario === undefined) throw new UsageError("simulate what? name a scenario, such as forwarding-1g, or ask for --list-costs");
      if (options.csv && options.json) throw new UsageError("--csv and --json: one of them; --out writes both");
      const { rate, packets, size, jitter, link, cpus } = options;
      const single = { rate, packets, size, jitter, link, ncpus: cpus };
      const given = Object.entries(single).flatMap(([name, value]): Setting[] => (value === undefined ? [] : [{ name, value }]));
      done(await simulate(io, load, scenario, {
        seed: options.seed ?? null,
        faults: options.faults,
        driver: options.driver ?? null,
        variant: options.variant ?? null,
        settings: once([...given, ...(options.cost ?? []), ...(options.set ?? [])]),
        sweeps: options.sweep ?? [],
        plot: options.plot,
        form: options.csv ? "csv" : options.json ? "json" : "text",
        out: options.out ?? null,
      }));
    });
}

/** Settings by several options, each name once. */
function once(settings: readonly Setting[]): readonly Setting[] {
  const twice = settings.find(({ name }, i) => settings.findIndex((one) => one.name === name) < i);
  if (twice !== undefined) throw new UsageError(`${twice.name} is set twice, by two options`);
  return settings;
}

function parseCpus(text: string): number {
  if (!/^[1-8]$/.test(text)) throw new UsageError(`--cpus must be an integer from 1 to 8, not ${quote(text)}`);
  return Number(text);
}
