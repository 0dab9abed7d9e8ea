/** The table of strategies: a row each. */
import type { Strategy } from "../strategy.ts";
import { Dpor, type Reduction } from "./dpor/index.ts";
import { Exhaustive } from "./exhaustive.ts";
import { DelayBounded } from "./delay-bounded.ts";
import { Fair } from "./fair.ts";
import { HandWritten } from "./hand-written.ts";
import { Mutate } from "./mutate.ts";
import { LIST, Values, type IntegerParameter, type StrategyParameter, type StrategyParameters } from "./parameters.ts";
import { PCT_DEPTH_MAX, Pct } from "./pct.ts";
import { Pos } from "./pos.ts";
import { RandomWalk } from "./random-walk.ts";
import { Portfolio } from "./portfolio.ts";
import { RoundBounded } from "./round-bounded.ts";
import { RoundRobin } from "./round-robin.ts";
import { Surw, touching } from "./surw.ts";
import { Timed } from "./timed.ts";
import { Twice } from "./twice.ts";
import { Urw } from "./urw.ts";

/** A row. */
export interface Entry {
  readonly name: string;
  readonly purpose: string;
  readonly parameters: readonly StrategyParameter[];
  /** Explores one program, run by run: each follows from those before. It may finish. */
  readonly exhaustive: boolean;
  readonly make: (values: Values) => Strategy;
}

/** The largest value a parameter can have: as a bound, none. */
const UNBOUNDED = 999_999_999;

const STEPS: IntegerParameter = {
  name: "k",
  purpose: "steps of a run; 0: the longest of the runs before",
  least: 0,
  most: 1_000_000,
  usual: 0,
};

const DEPTH: IntegerParameter = { name: "d", purpose: "depth of the bugs looked for", least: 1, most: PCT_DEPTH_MAX, usual: 3 };

const bound = (name: string, what: string): IntegerParameter => ({
  name,
  purpose: `${what}; ${String(UNBOUNDED)}: no bound`,
  least: 0,
  most: UNBOUNDED,
  usual: 2,
});

const boundOf = (value: number): number => (value === UNBOUNDED ? Number.POSITIVE_INFINITY : value);

/** Strategies whose runs stand alone. */
const STANDING_ALONE = ["random", "pct", "pos", "urw", "round-robin"];
const REDUCTIONS: readonly Reduction[] = ["optimal", "source", "sleep"];
const ANY = "any";
const NOBODY = "-";

/** A strategy inside another: its runs stand alone, also those of PCT. */
function named(name: string, parameters: StrategyParameters = {}): Strategy {
  const entry = ENTRIES.find((each) => each.name === name);
  if (entry === undefined) throw new Error(`no strategy ${JSON.stringify(name)}`);
  if (name === "pct" && parameters["k"] === undefined) return new Pct({ depth: DEPTH.usual, profiled: true });
  return entry.make(new Values(entry.parameters, parameters));
}

const MEMBERS = [...STANDING_ALONE, "surw", "mutate"];

function member(name: string): Strategy {
  if (MEMBERS.includes(name)) return named(name);
  throw new Error(`strategy portfolio: ${JSON.stringify(name)} cannot be one of several; these can: ${MEMBERS.join(", ")}`);
}

/** All of them. */
export const ENTRIES: readonly Entry[] = [
  {
    name: "random",
    purpose: "random walk: every context that can run is equally likely at every point",
    parameters: [],
    exhaustive: false,
    make: () => new RandomWalk(),
  },
  {
    name: "pct",
    purpose: "random priorities with d - 1 random changes (Burckhardt et al., ASPLOS 2010)",
    parameters: [DEPTH, STEPS],
    exhaustive: false,
    make: (values) => new Pct({ depth: values.integer("d"), steps: values.integer("k") }),
  },
  {
    name: "pos",
    purpose: "a random priority per pending operation (Yuan et al., CAV 2018)",
    parameters: [],
    exhaustive: false,
    make: () => new Pos(),
  },
  {
    name: "round-robin",
    purpose: "every context in turn, each for q points",
    parameters: [{ name: "q", purpose: "points per turn", least: 1, most: 1_000_000, usual: 1 }],
    exhaustive: false,
    make: (values) => new RoundRobin(values.integer("q")),
  },
  {
    name: "exhaustive",
    purpose: "every schedule with at most p preemptions, once each",
    parameters: [bound("p", "preemptions")],
    exhaustive: true,
    make: (values) => new Exhaustive(boundOf(values.integer("p"))),
  },
  {
    name: "dpor",
    purpose: "one schedule per Mazurkiewicz trace (Abdulla et al., JACM 2017); source-DPOR or sleep sets instead",
    parameters: [{ name: "reduction", purpose: "how much is left out", words: REDUCTIONS, usual: "optimal" }],
    exhaustive: true,
    make: (values) => new Dpor(values.word("reduction") as Reduction), // one of the words
  },
  {
    name: "delays",
    purpose: "every schedule with at most d delays of a round-robin scheduler (Emmi et al., POPL 2011)",
    parameters: [bound("d", "delays")],
    exhaustive: true,
    make: (values) => new DelayBounded(boundOf(values.integer("d"))),
  },
  {
    name: "rounds",
    purpose: "every schedule with at most r rounds after the first (Lal, Reps, CAV 2008)",
    parameters: [bound("r", "rounds")],
    exhaustive: true,
    make: (values) => new RoundBounded(boundOf(values.integer("r"))),
  },
  {
    name: "urw",
    purpose: "contexts weighted by the events they have left (Zhao et al., ASPLOS 2025)",
    parameters: [],
    exhaustive: false,
    make: () => new Urw(),
  },
  {
    name: "surw",
    purpose: "URW over the operations on some objects (Zhao et al., ASPLOS 2025)",
    parameters: [{ name: "on", purpose: "words that their names contain, with > between them; any: every object", words: [], usual: ANY }],
    exhaustive: false,
    make: (values) => new Surw(touching(values.word("on") === ANY ? [] : values.word("on").split(LIST))),
  },
  {
    name: "fair",
    purpose: "an unfair strategy for n steps and a fair one behind them",
    parameters: [
      { name: "prefix", purpose: "the unfair one", words: STANDING_ALONE, usual: "pct" },
      { name: "n", purpose: "steps of the prefix; 0: those of the longest of some random walks", least: 0, most: 1_000_000, usual: 0 },
      { name: "suffix", purpose: "the fair one", words: ["random", "round-robin"], usual: "random" },
      DEPTH,
    ],
    exhaustive: false,
    make: (values) => new Fair({
      prefix: (steps) => named(values.word("prefix"), { d: values.integer("d"), k: steps }),
      suffix: named(values.word("suffix")),
      steps: values.integer("n"),
    }),
  },
  {
    name: "mutate",
    purpose: "changes to the choices of runs that showed a new happens-before class (after Wolff et al., ASPLOS 2024)",
    parameters: [],
    exhaustive: true,
    make: () => new Mutate(),
  },
  {
    name: "portfolio",
    purpose: "several strategies, with more runs for those that show new happens-before classes",
    parameters: [{ name: "of", purpose: "which, with > between them", words: [], usual: "random>pct>pos>urw>mutate" }],
    exhaustive: true,
    make: (values) => new Portfolio(values.word("of").split(LIST).map((name) => member(name))),
  },
  {
    name: "schedule",
    purpose: "a schedule by hand: a,b*3,a* is a step of a, three of b, and a as long as it can go on",
    parameters: [{ name: "turns", purpose: "names of contexts, perhaps with * and a count, with > or in brackets a comma between them", words: [], usual: NOBODY }],
    exhaustive: true,
    make: (values) => new HandWritten(values.word("turns") === NOBODY ? "" : values.word("turns")),
  },
  {
    name: "twice",
    purpose: "every run of another strategy two times, to see that they do not differ",
    parameters: [{ name: "of", purpose: "which", words: STANDING_ALONE, usual: "random" }],
    exhaustive: true,
    make: (values) => new Twice(named(values.word("of")), "twice"),
  },
  {
    name: "timed",
    purpose: "the schedule of the cost table: whoever's clock is least goes next",
    parameters: [],
    exhaustive: false,
    make: () => new Timed(),
  },
];
