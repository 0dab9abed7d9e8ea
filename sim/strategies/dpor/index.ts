/**
 * Dynamic partial-order reduction: one execution for each Mazurkiewicz trace, whatever the program (Abdulla, Aronis,
 * Jonsson, Sagonas: "Source sets: a foundation for optimal dynamic partial order reduction", JACM 2017; optimal DPOR is
 * section 7 there, source-DPOR section 5). Sleep sets alone (Godefroid: "Partial-order methods for the verification of
 * concurrent systems", 1996, chapter 5) run on the same machinery and are the oracle of the other two.
 *
 * The search is depth-first and stateless: an execution repeats the events of the one before up to the last place where
 * something else is to be tried, takes the next branch of the wakeup tree there, and goes on freely behind it. Two things
 * are added to the paper. The values of a data choice are steps of one context that exclude each other; that another
 * value could have been chosen is a race of the step with itself. And a run that is cut short (a failure, a bound) ends
 * with a step that depends on everything.
 *
 * Memory: a row per event of the current execution, and the wakeup tree; nothing grows with the number of executions.
 */
import type { Context } from "../../context.ts";
import type { Execution } from "../../execution.ts";
import { Inconclusive } from "../../failure.ts";
import { opFences } from "../../buffered-execution.ts";
import { opKind, opObject } from "../../operation.ts";
import type { Strategy } from "../../strategy.ts";
import { Deed, agree, cutDeed } from "./deed.ts";
import { notRepeated, restore, snapshot, type Snapshot } from "./checkpoint.ts";
import { Step, isAway, pendingDeed, waitingOf } from "./reading.ts";
import { Search, type Reduction } from "./search.ts";
import { Trace } from "./trace.ts";
import type { Waiting } from "./waiting.ts";

export type { Reduction } from "./search.ts";

/** One execution per trace (`optimal`), or few more (`source`); see the header. */
export class Dpor implements Strategy {
  readonly name: string;
  readonly everyPoint = true;
  /** True once {@link begin} has said that nothing is left. */
  exhausted = false;
  /** Runs begun. */
  executions = 0;
  /**
   * Of these: given up, because whatever could go on was covered by other runs; such a run is inconclusive, with the
   * bound `covered`. In optimal mode none, where it is known before a step what it touches.
   */
  covered = 0;
  /** Branches of the wakeup tree that turned out impossible: none, where dependence is exact. */
  infeasible = 0;
  /** Events of the longest execution. */
  depthMax = 0;
  readonly #reduction: Reduction;
  readonly #trace = new Trace();
  readonly #search: Search;
  readonly #step = new Step();
  /** Events to be repeated, and whose they are where the trace does not know them any more. */
  #repeated = 0;
  #path: readonly Deed[] = [];
  /** The next path has been found already. */
  #moved = false;
  /** The event under way; has it begun? */
  #at = 0;
  #begun = true;
  /** The data choices it has to make, and those it made. */
  #script: readonly number[] | null = null;
  readonly #drawn: number[] = [];
  readonly #drawnOf: number[] = [];
  #waiting: Waiting | null = null;

  constructor(reduction: Reduction = "optimal") {
    this.#reduction = reduction;
    this.name = reduction === "optimal" ? "dpor" : `dpor(${reduction})`;
    this.#search = new Search(this.#trace, reduction);
  }

  /** Nodes of the wakeup tree, now and at most. */
  get nodes(): number {
    return this.#search.nodes;
  }
  get nodesMax(): number {
    return this.#search.nodesMax;
  }

  /**
   * About how many executions are left: 0 once there are none. After an execution; an estimate that takes all branches
   * known at a place for equally large ({@link Search.done}). Cost: linear in the path and the wakeup tree's top.
   */
  get left(): number {
    if (this.exhausted) return 0;
    const runs = this.executions - this.covered;
    return Math.max(0, Math.round(runs / this.#search.done) - runs);
  }

  begin(): boolean {
    if (this.executions > 0) this.#move();
    if (this.exhausted) return false;
    this.#moved = false;
    this.executions++;
    this.#at = 0;
    this.#begun = true;
    this.#enter(null);
    if (this.#repeated > 0) this.#enter(this.#deedAt(0).draws);
    else if (this.executions > 1) this.#branchOfSetup();
    return true;
  }

  /** To the place of the next branch. */
  #move(): void {
    if (this.#moved) return;
    this.#moved = true;
    this.#repeated = this.#search.backtrack();
    this.exhausted = this.#repeated < 0;
  }

  #branchOfSetup(): void {
    const child = this.#search.next(0);
    this.#search.open(0, child);
    this.#enter(child?.deed.draws ?? null);
  }

  attach(x: Execution): void {
    this.#step.listen(x);
    if (this.#trace.length === 0) this.#step.begin(x, x.current, false);
  }

  choose(x: Execution, current: Context | null): Context {
    const trace = this.#trace;
    const isNew = this.#at >= trace.length;
    if (isNew) this.#finish(x, false);
    const at = ++this.#at;
    this.#begun = false;
    const next = at < this.#repeated ? this.#repeat(x, at) : (this.#branch(x, at) ?? this.#free(x, current, at));
    this.#begun = true;
    if (at < trace.length) return next;
    this.#step.begin(x, next, isNew);
    const { value } = x.objects[opObject(next.pending)] as { readonly value?: unknown };
    trace.begin(x.recording.length, opObject(next.pending), value, next.expected);
    if (next.flushes !== null) trace.beginFlush(next.flushes.issuedAt);
    else if (next.buffer !== null && opFences(opKind(next.pending))) trace.beginDrained(next.buffer.flushers);
    this.#waiting = waitingOf(trace, next);
    return next;
  }

  #deedAt(at: number): Deed {
    return (at < this.#trace.length ? this.#trace.deeds[at] : this.#path[at]) as Deed;
  }

  #repeat(x: Execution, at: number): Context {
    const { context, draws } = this.#deedAt(at);
    this.#enter(draws);
    const next = x.contexts[context];
    return next?.enabled === true ? next : notRepeated(`context ${String(context)} goes on`, "a point where it cannot");
  }

  #enter(script: readonly number[] | null): void {
    this.#script = script;
    while (this.#drawn.length > 0) this.#drawn.pop();
    while (this.#drawnOf.length > 0) this.#drawnOf.pop();
  }

  /** The next branch of the wakeup tree; null: there is none. */
  #branch(x: Execution, at: number): Context | null {
    for (let child = this.#search.next(at); child !== null; child = this.#search.next(at)) {
      const context = x.contexts[child.deed.context];
      if (context?.enabled === true) {
        this.#search.open(at, child);
        this.#enter(child.deed.draws);
        return context;
      }
      this.infeasible++;
    }
    return null;
  }

  /** Nothing is to be tried here in particular: whoever is awake. */
  #free(x: Execution, current: Context | null, at: number): Context {
    const search = this.#search;
    const asleep = search.asleep[at] ?? null;
    const next = asleep === null ? (current ?? (x.enabled[0] as Context)) : this.#awake(x, current, at, asleep);
    if (this.#reduction === "sleep")
      search.tryAll(at, idsOf(x.enabled.filter((context) => context !== next && !search.sleeps(at, anyStep(context)))));
    search.open(at, null);
    this.#enter(null);
    return next;
  }

  /** Who is awake, rather somebody of whom no data choice is asleep: of others it turns out when they choose. */
  #awake(x: Execution, current: Context | null, at: number, asleep: readonly Deed[]): Context {
    const candidates = current === null ? x.enabled : [current, ...x.enabled.filter((context) => context !== current)];
    const wide = candidates.find(({ id }) => !asleep.some(({ context }) => context === id));
    if (wide !== undefined) return wide;
    const [next, ...others] = candidates.filter((context) => !this.#search.sleeps(at, anyStep(context)));
    if (next === undefined) return this.#giveUp();
    if (this.#reduction !== "sleep") this.#search.tryAll(at, idsOf(others));
    return next;
  }

  draw(_x: Execution, n: number): number {
    const value = this.#script?.[this.#drawn.length] ?? this.#awakeValue(n);
    if (value >= n) notRepeated(`data choice ${String(value)}`, `one of ${String(n)}`);
    this.#drawn.push(value);
    this.#drawnOf.push(n);
    return value;
  }

  /** The first value that is not asleep. */
  #awakeValue(n: number): number {
    const asleep = this.#search.asleep[this.#at] ?? null;
    if (asleep === null) return 0;
    const { context } = this.#step;
    for (let value = 0; value < n; value++) {
      const draws = [...this.#drawn, value];
      const same = (deed: Deed): boolean =>
        deed.context === context && deed.draws !== null && deed.draws.length <= draws.length && agree(deed.draws, draws);
      if (!asleep.some(same)) return value;
    }
    return this.#giveUp();
  }

  /** Whatever could come now is covered by other runs. */
  #giveUp(): never {
    this.covered++;
    this.#begun = false;
    throw new Inconclusive("covered");
  }

  end(x: Execution): void {
    const trace = this.#trace;
    if (this.#at >= trace.length && this.#begun) this.#finish(x, x.enabled.length > 0);
    if (trace.length > this.depthMax) this.depthMax = trace.length;
    if (this.#reduction !== "sleep") {
      this.#pending(x);
      this.#search.reverse();
    }
    this.#search.vary();
  }

  /** The event under way is over. */
  #finish(x: Execution, cut: boolean): void {
    const at = this.#at;
    const draws = this.#drawn.length === 0 ? null : this.#drawn.slice();
    const { context } = this.#step;
    this.#drawnOf.forEach((options, nth) => this.#search.choices.push({ event: at, nth, options }));
    if (cut) this.#add(at, cutDeed(context, draws));
    else {
      const done = at === 0 ? new Deed(context, draws, 0, null) : this.#step.deed(x, draws);
      const changes = this.#step.changes(x, done);
      const deed = changes === null ? done : this.#step.stopping(done, changes);
      this.#trace.add(deed, changes, this.#waiting);
      if (at + 1 > this.#repeated) this.#search.close(at, deed);
    }
  }

  #add(at: number, deed: Deed): void {
    this.#trace.add(deed, null, null);
    this.#search.close(at, deed);
  }

  /** Contexts that can go no further race with what stops them. */
  #pending(x: Execution): void {
    const trace = this.#trace;
    if (!this.#begun && this.#reduction === "optimal") return;
    for (const context of x.contexts) {
      if (context.id === 0 || context.life !== "live" || context.blocked || isAway(context)) continue;
      if (trace.isCutShort && context.id === this.#step.context) continue;
      trace.addPending(pendingDeed(x, context), waitingOf(trace, context));
    }
  }

  checkpoint(): Snapshot {
    if (this.executions > 0) this.#move();
    const { executions, covered, infeasible, depthMax, exhausted } = this;
    return { executions, covered, infeasible, depthMax, exhausted, ...snapshot(this.#trace, this.#search) };
  }

  resume(checkpoint: unknown): void {
    const saved = checkpoint as Snapshot; // made by checkpoint()
    this.executions = saved.executions;
    this.covered = saved.covered;
    this.infeasible = saved.infeasible;
    this.depthMax = saved.depthMax;
    this.exhausted = saved.exhausted;
    this.#path = restore(saved, this.#search);
    this.#repeated = this.#path.length;
    this.#moved = this.executions > 0;
  }
}

const idsOf = (contexts: readonly Context[]): readonly number[] => contexts.map(({ id }) => id);
const anyStep = ({ id }: Context): Deed => new Deed(id, null, 0, null);
