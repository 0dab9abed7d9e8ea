/** What can be set, and swept, in a timed run: topology, load, link, costs, each by one name. */
import { COST_TABLE, type CostName, type NamedCosts } from "../model/index.ts";
import { NO_FAULTS, UDP_FRAME, type Config, type Load, type Scenario, type Simulation, type TopologyConfig } from "../scenarios/index.ts";
import { parseConfig } from "./config-schema.ts";
import type { EngineSet } from "./engine-set.ts";
import { UsageError, quote } from "./errors.ts";
import { unknownName } from "./suggest.ts";

/** One value for one name. */
export interface Setting {
  readonly name: string;
  readonly value: number;
}

/** Values for one name, in the order given. */
export interface Sweep {
  readonly name: string;
  readonly values: readonly number[];
}

const SWEEPS_MAX = 2;
const VALUES_MAX = 32;

/** Numbers of a topology that are its size, not a choice among words. */
const TOPOLOGY = [
  "ncpus", "ipiRing", "interfaces", "subqs", "qmax", "stageCntmax", "mtu", "ringSize", "startBudget", "netisrBatch",
  "hz", "ticks",
] as const satisfies readonly (keyof TopologyConfig)[];

/** Numbers of a load and of the link, with their ranges and units. */
const LOAD = {
  rate: { least: 1, most: 100_000_000, unit: "packets a second" },
  packets: { least: 1, most: 200_000, unit: "packets" },
  size: { least: 0, most: 1472, unit: "bytes of UDP data" },
  jitter: { least: 0, most: 1_000_000_000, unit: "ns" },
  link: { least: 1, most: 100_000, unit: "Mb/s" },
} as const;

const COST_MOST = 1_000_000_000;
const COSTS: readonly string[] = COST_TABLE.map(({ name }) => name);

/** Everything that can be swept. */
const SETTINGS: readonly string[] = [...TOPOLOGY, ...Object.keys(LOAD), ...COSTS];

const isTopology = (name: string): name is (typeof TOPOLOGY)[number] => (TOPOLOGY as readonly string[]).includes(name);
const isLoad = (name: string): name is keyof typeof LOAD => Object.hasOwn(LOAD, name);
const isCost = (name: string): name is CostName => COSTS.includes(name);

// -- what the command line says -------------------------------------------------------------------------

/** `--rate`, `--packets` and their kind. */
export const parseSetting = (name: keyof typeof LOAD) => (text: string): number => {
  const { least, most, unit } = LOAD[name];
  return integer(`--${name}`, unit, text, least, most);
};

/** `--cost NAME=NS`, given any number of times. */
export function parseCost(text: string, before: readonly Setting[] = []): readonly Setting[] {
  const [name, value] = pair("--cost", "NAME=NS", text);
  if (!isCost(name)) throw unknownName("cost", name, COSTS);
  if (before.some((one) => one.name === name)) throw new UsageError(`--cost ${name} is given twice`);
  return [...before, { name, value: costOf(`--cost ${name}`, value) }];
}

/** `--set NAME=VALUE`, given any number of times. */
export function parseSet(text: string, before: readonly Setting[] = []): readonly Setting[] {
  const [name, value] = pair("--set", "NAME=VALUE", text);
  if (!SETTINGS.includes(name)) throw unknownName("name to set", name, SETTINGS);
  if (before.some((one) => one.name === name)) throw new UsageError(`--set ${name} is given twice`);
  return [...before, { name, value: valueOf("--set", name, value) }];
}

/** `--sweep NAME=V1,V2,...`, given once or twice. */
export function parseSweep(text: string, before: readonly Sweep[] = []): readonly Sweep[] {
  const [name, list] = pair("--sweep", "NAME=VALUE,VALUE,...", text);
  if (!SETTINGS.includes(name)) throw unknownName("name to sweep", name, SETTINGS);
  if (before.some((one) => one.name === name)) throw new UsageError(`--sweep ${name} is given twice`);
  if (before.length === SWEEPS_MAX) throw new UsageError("--sweep can be given twice at most: a table has two dimensions");
  const values = list.split(",").map((value) => valueOf("--sweep", name, value));
  if (new Set(values).size < values.length) throw new UsageError(`--sweep ${name} names a value twice`);
  if (values.length > VALUES_MAX) throw new UsageError(`--sweep ${name} has ${String(values.length)} values; at most ${String(VALUES_MAX)}`);
  return [...before, { name, values }];
}

function pair(option: string, form: string, text: string): readonly [name: string, value: string] {
  const at = text.indexOf("=");
  if (at <= 0 || at === text.length - 1) throw new UsageError(`${option} must be ${form}, not ${quote(text)}`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function valueOf(by: string, name: string, text: string): number {
  const option = `${by} ${name}`;
  if (isLoad(name)) return integer(option, LOAD[name].unit, text, LOAD[name].least, LOAD[name].most);
  return isCost(name) ? costOf(option, text) : integer(option, "", text, 0, COST_MOST);
}

const costOf = (option: string, text: string): number => integer(option, "ns", text, 0, COST_MOST);

function integer(option: string, unit: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^[0-9]{1,10}$/.test(text) && value >= least && value <= most) return value;
  const what = unit === "" ? "an integer" : `an integer of ${unit}`;
  throw new UsageError(`${option} must be ${what} from ${String(least)} to ${String(most)}, not ${quote(text)}`);
}

// -- what is run -------------------------------------------------------------------------------------------

/** What a scenario is before anything is set. */
export interface Subject {
  readonly name: string;
  readonly purpose: string;
  /** The one of the catalogue; null for one made for timed mode. */
  readonly scenario: Scenario | null;
  readonly base: Simulation;
}

/** How a scenario is made ready. */
export interface SubjectOptions {
  /** Draws the record of a scenario of the catalogue; null: its smallest. Answers data choices. */
  readonly seed: number | null;
  /** Keep the faults of the record. */
  readonly faults: boolean;
  /** Driver of all interfaces; null: the record's. */
  readonly driver: string | null;
}

/** The scenario of a name: one made for timed mode, or one of the catalogue. */
export function subjectOf(
  { timed, scenarios }: Pick<EngineSet, "timed" | "scenarios">,
  name: string,
  { seed, faults, driver }: SubjectOptions,
): Subject {
  const driven = ({ topology, ...rest }: Config): Config =>
    ({ ...rest, topology: driver === null ? topology : { ...topology, driver } });
  const text = String(seed ?? 1);
  const made = timed.scenarios.find((one) => one.name === name);
  if (made !== undefined) {
    const config: Config = { topology: made.topology, workload: [], faults: NO_FAULTS };
    return { name, purpose: made.purpose, scenario: null, base: { config: driven(config), load: made.load, timing: {}, seed: text } };
  }
  const scenario = scenarios.find((one) => one.name === name);
  if (scenario === undefined) {
    throw unknownName("scenario", name, [...timed.scenarios, ...scenarios].map((one) => one.name));
  }
  const record = seed === null ? scenario.smallest : timed.configFor(scenario, text);
  const config = faults ? record : { ...record, faults: NO_FAULTS };
  return { name, purpose: scenario.purpose, scenario, base: { config: driven(config), load: null, timing: {}, seed: text } };
}

/** A simulation with settings; throws a {@link UsageError} for one that makes no machine. */
export function withSettings(subject: Subject, settings: readonly Setting[]): Simulation {
  const changed = settings.reduce((simulation, setting) => applied(subject.name, simulation, setting), subject.base);
  const config = parseConfig({ ...changed.config, topology: spread(changed.config.topology) });
  return { ...changed, config };
}

function applied(scenario: string, simulation: Simulation, { name, value }: Setting): Simulation {
  const { config, load, timing } = simulation;
  if (isTopology(name)) return { ...simulation, config: { ...config, topology: { ...config.topology, [name]: value } } };
  if (isCost(name)) {
    const costs: Partial<NamedCosts> = { ...timing.costs, [name]: value };
    return { ...simulation, timing: { ...timing, costs } };
  }
  if (name === "link") return { ...simulation, timing: { ...timing, linkMbps: value } };
  if (load === null) throw new UsageError(`${scenario} has packets of its own: ${name} is for scenarios with a load`);
  const change: Partial<Load> = name === "size" ? { len: value + UDP_FRAME } : { [name]: value };
  return { ...simulation, load: { ...load, ...change } };
}

/** Every subqueue has an owner and an interrupt: the record's, or the CPU of its number. */
function spread(topology: TopologyConfig): TopologyConfig {
  const each = (cpus: readonly number[]): readonly number[] =>
    Array.from({ length: Math.max(cpus.length, topology.subqs) }, (_, q) => cpus[q] ?? q % topology.ncpus);
  return { ...topology, owners: each(topology.owners), interruptCpus: each(topology.interruptCpus) };
}
