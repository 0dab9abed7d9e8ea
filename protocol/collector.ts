/**
 * Collects the protocol coverage of a scenario, one run after the other: marks while it runs, operations from its
 * recording when it is over. Whoever runs calls {@link Collector.begin} after boot and {@link Collector.finish} before
 * the recording is reused.
 */
import { LogReader, opKind, opObject, Op, type Execution } from "../sim/index.ts";
import { errnoName, type Branch, type ErrnoRoutine, type RecordedBranch } from "../model/index.ts";
import type { World } from "../scenarios/index.ts";
import { NO_SCENARIO_COVERAGE, type Runs, type ScenarioCoverage } from "./coverage.ts";
import type { Ears, Listen } from "./listen.ts";
import { classOf, kindOf } from "./names.ts";
import { OrderPass } from "./orders.ts";
import { Primitives } from "./primitives.ts";
import { ClassTally, Kinds, operationOf } from "./tally.ts";
import { Verb, verbOf } from "./verbs.ts";

/** Every so-manieth run, by the hash of its choices, is replayed to learn which routines perform what. */
const SAMPLED = 64n;

type Names = Map<string, Map<string, number>>;

/** One scenario. */
export class Collector implements Ears {
  readonly #listen: Listen;
  #kinds = new Kinds();
  #runs = 0;
  #tallies = new Map<string, ClassTally>();
  #branches: Names = new Map();
  #errnos: Names = new Map();
  #routines = new Map<string, Names>();
  #x: Execution | null = null;
  #over: () => void = NOTHING;
  /** Kinds of the contexts of this run, by number. */
  #contexts: string[] = [];
  /** What has been counted for this run. */
  readonly #seen = new Set<string>();

  constructor(listen: Listen) {
    this.#listen = listen;
  }

  /** A run begins: its world has booted. */
  begin(x: Execution, world: World): void {
    this.#x = x;
    this.#contexts = [];
    this.#seen.clear();
    this.#over = this.#listen(world, this);
  }

  branch(branch: Branch | RecordedBranch): void {
    this.#took(this.#x?.current.id ?? 0, branch);
  }

  returned(routine: ErrnoRoutine, error: number): void {
    this.#once(this.#errnos, routine, errnoName(error));
  }

  /** The run is over, its recording still there. Cost: linear in the log, and a little for each object. */
  finish(): void {
    const x = this.#x;
    if (x === null) return;
    this.#over();
    this.#runs++;
    const kinds = x.contexts.map((context) => this.#kinds.numberOf(this.#kindOf(context.id)));
    const orders = new OrderPass(x, this.#tallies, kinds);
    const primitives = new Primitives(x, (context, branch) => this.#took(context, branch));
    readOperations(x, (context, word, verb, at, now) => {
      primitives.performed(context, word, verb);
      orders.performed(context, word, at, now);
    });
    orders.finish();
    this.#x = null;
  }

  /** Is the run with these choices to be replayed for {@link learn}? */
  static samples(hash: bigint): boolean {
    return hash % SAMPLED === 0n;
  }

  /** A replay of a run: which routines were running where operations were announced, by place in the log. */
  learn(x: Execution, routines: ReadonlyMap<number, string>): void {
    this.#contexts = [];
    this.#seen.clear();
    this.#x = x;
    readOperations(x, (context, word, verb, at) => {
      const routine = routines.get(at);
      if (routine === undefined || verb === Verb.None || verb === Verb.Exit) return;
      const type = classOf(x.objects[opObject(word)] as object);
      const operation = this.#kinds.operationName(operationOf(this.#kinds.numberOf(this.#kindOf(context)), verb));
      let names = this.#routines.get(type);
      if (names === undefined) this.#routines.set(type, (names = new Map<string, Map<string, number>>()));
      this.#once(names, operation, routine, type);
    });
    this.#x = null;
  }

  /** What was collected since this was last called. */
  take(): ScenarioCoverage {
    if (this.#runs === 0) return NO_SCENARIO_COVERAGE;
    const taken: ScenarioCoverage = {
      runs: this.#runs,
      operations: this.#classes((tally) => tally.operations(this.#kinds)),
      orders: this.#classes((tally) => tally.orders(this.#kinds)),
      routines: Object.fromEntries([...this.#routines].map(([type, names]) => [type, plain(names)])),
      branches: plain(this.#branches),
      errnos: plain(this.#errnos),
    };
    this.#runs = 0;
    this.#kinds = new Kinds();
    this.#tallies = new Map();
    this.#branches = new Map();
    this.#errnos = new Map();
    this.#routines = new Map();
    return taken;
  }

  #classes<T extends object>(of: (tally: ClassTally) => T): Readonly<Record<string, T>> {
    const told = [...this.#tallies].map(([name, tally]) => [name, of(tally)] as const);
    return Object.fromEntries(told.filter(([, record]) => Object.keys(record).length > 0));
  }

  #took(context: number, branch: string): void {
    this.#once(this.#branches, branch, this.#kindOf(context));
  }

  /** Counts a name once a run. */
  #once(names: Names, name: string, kind: string, within = ""): void {
    const key = `${within}\0${name}\0${kind}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    let kinds = names.get(name);
    if (kinds === undefined) names.set(name, (kinds = new Map<string, number>()));
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }

  #kindOf(context: number): string {
    const known = this.#contexts[context];
    if (known !== undefined) return known;
    const found = this.#x?.contexts[context];
    return (this.#contexts[context] = found === undefined ? "" : kindOf(found));
  }
}

type Visit = (context: number, word: number, verb: Verb, at: number, now: number) => void;

/** The operations with an object that took effect after the boot, in order. */
function readOperations(x: Execution, visit: Visit): void {
  const { settledAt } = x;
  new LogReader(x.recording.log, {
    performed: (context, word, at, now) => {
      if (now < settledAt || opObject(word) === 0 || opKind(word) === Op.Also) return;
      visit(context, word, verbOf(word), at, now);
    },
    started: NOTHING,
  }).read();
}

const plain = (names: Names): Readonly<Record<string, Runs>> =>
  Object.fromEntries([...names].map(([name, kinds]) => [name, Object.fromEntries(kinds)]));

const NOTHING = (): void => undefined;
