/**
 * Watches a replay and writes down its story: calls as the modelled stack changes, operations when they take
 * effect, values when they change, and at each switch why control moved.
 */
import { Op, cellName, opKind, type Cell, type Context, type Execution, type RunResult } from "../sim/index.ts";
import type { Story, StoryRow } from "../reports/index.ts";
import { effectText, intentText, storesValue, valueText } from "../reports/engine-index.ts";

/** An announced operation that may not have taken effect yet. */
interface Pending {
  readonly word: number;
  readonly at: number;
}

/** What is remembered of a context. */
interface Teller {
  readonly column: number;
  /** Routines that were running at its last operation. */
  stack: readonly string[];
  /** Those of them that have a row. */
  shown: readonly string[];
  pending: Pending | null;
  /** Rows of a nested handler are indented below what it interrupted. */
  base: number;
}

/** One story; hook it to `x.observer`. */
export class Storyteller {
  readonly #x: Execution;
  readonly #stack: (above: (...args: never[]) => unknown) => readonly string[];
  readonly #columns: string[] = [];
  readonly #columnOf = new Map<string, number>();
  readonly #tellers = new Map<Context, Teller>();
  readonly #until: number;
  #rows: StoryRow[] = [];
  /** The story is told; what follows is not part of it. */
  #over = false;
  readonly #speaker = new Map<number, Context>();
  #current: Context | null = null;

  /**
   * `stack` reads the modelled call stack below the function it is given. The story ends when the operation
   * at `until` in the log has taken effect, or with the run.
   */
  constructor(
    x: Execution,
    stack: (above: (...args: never[]) => unknown) => readonly string[],
    until = Infinity,
  ) {
    this.#x = x;
    this.#stack = stack;
    this.#until = until;
  }

  /** The machine has booted: the story begins here. Who stands where is known from before. */
  begin(): void {
    this.#rows = [];
    this.#speaker.clear();
    this.#current = null;
    for (const teller of this.#tellers.values()) teller.shown = [];
  }

  readonly announced = (context: Context, word: number, at: number): void => {
    const teller = this.#teller(context);
    this.#settle(context, teller);
    if (opKind(word) === Op.Also) return;
    teller.stack = this.#stack(this.announced);
    teller.pending = { word, at };
  };

  readonly switched = (context: Context): void => {
    const before = this.#current;
    if (before === context) return;
    if (before !== null) this.#leave(before);
    this.#current = context;
    const victim = context.isLine ? context.cpu?.thread : null;
    const teller = this.#teller(context);
    if (victim !== null && victim !== undefined) {
      teller.base = this.#teller(victim).stack.length + 1;
      teller.stack = [];
      teller.shown = [];
    }
  };

  readonly value = (cell: Cell<unknown>, before: unknown, after: unknown): void => {
    const context = this.#x.current;
    const teller = this.#teller(context);
    const { pending } = teller;
    const stored = pending !== null && storesValue(pending.word);
    if (stored) teller.pending = null;
    else this.#settle(context, teller);
    if (this.#over) return;
    const change = before === after ? `${valueText(after)} again` : `${valueText(before)} -> ${valueText(after)}`;
    this.#say(context, teller, "value", `${cellName(cell)} ${change}`);
    this.#over = stored && pending.at === this.#until;
  };

  readonly note = (text: string): void => {
    const context = this.#x.current;
    const teller = this.#teller(context);
    this.#settle(context, teller);
    this.#say(context, teller, "note", text);
  };

  /** The run ended: the last operation, the failure where it was noticed, who waits for ever. */
  finish(result: RunResult): Story {
    const { failure, site } = result;
    if (this.#over) return inOrder(this.#columns, this.#rows);
    const last = this.#current;
    if (last !== null && site?.context === last.name) {
      const teller = this.#teller(last);
      this.#settle(last, teller);
      if (failure !== null) this.#say(last, teller, "failure", `<- ${failure.id}`);
    } else if (last !== null) {
      if (waitText(last) === null) this.#settle(last, this.#teller(last));
      for (const [context, teller] of this.#tellers) this.#waitsForEver(context, teller);
    }
    return inOrder(this.#columns, this.#rows);
  }

  #waitsForEver(context: Context, teller: Teller): void {
    if (context.life === "done" || context.daemon || context.isLine) return;
    this.#say(context, teller, "failure", `<- ${waitText(context) ?? "never goes on"}`);
  }

  #leave(context: Context): void {
    const teller = this.#teller(context);
    if (context.life !== "live") this.#settle(context, teller);
    const reason = this.#reason(context, teller);
    if (reason !== null) this.#say(context, teller, "switch", reason);
    if (!context.isLine || context.life === "live") return;
    teller.stack = [];
    teller.pending = null;
  }

  /** Why control moved away from a context. */
  #reason(context: Context, { pending }: Teller): string | null {
    if (context.life === "done") return "ends";
    if (context.isLine && context.life === "new") return "returns";
    const wait = waitText(context);
    if (wait !== null) return `switch (${wait})`;
    if (pending === null) return null;
    const kind = opKind(pending.word);
    if (kind === Op.Resume) return "switch (leaves the cpu)";
    return `switch (preempted at ${intentText(this.#x, pending.word)})`;
  }

  /** The announced operation has taken effect by now. */
  #settle(context: Context, teller: Teller): void {
    const { pending } = teller;
    if (pending === null) return;
    teller.pending = null;
    const word = this.#x.recording.log[pending.at] ?? pending.word;
    this.#say(context, teller, "op", effectText(this.#x, word));
    this.#over ||= pending.at === this.#until;
  }

  #say(context: Context, teller: Teller, kind: StoryRow["kind"], text: string): void {
    if (this.#over) return;
    const { column, base, stack } = teller;
    if (this.#speaker.get(column) !== context) {
      this.#speaker.set(column, context);
      this.#rows.push({ column, depth: base, kind: "context", text: `[${context.name}]` });
    }
    let depth = 0;
    while (depth < stack.length && stack[depth] === teller.shown[depth]) depth++;
    for (; depth < stack.length; depth++) {
      this.#rows.push({ column, depth: base + depth, kind: "call", text: stack[depth] ?? "" });
    }
    teller.shown = stack;
    this.#rows.push({ column, depth: base + stack.length, kind, text });
  }

  #teller(context: Context): Teller {
    const found = this.#tellers.get(context);
    if (found !== undefined) return found;
    const title = context.cpu === null ? context.name : `cpu ${String(context.cpu.id)}`;
    const made: Teller = { column: this.#column(title), stack: [], shown: [], pending: null, base: 0 };
    this.#tellers.set(context, made);
    return made;
  }

  #column(title: string): number {
    const found = this.#columnOf.get(title);
    if (found !== undefined) return found;
    const column = this.#columns.push(title) - 1;
    this.#columnOf.set(title, column);
    return column;
  }
}

/** CPUs first, by number, then the agents as they appeared. */
function inOrder(columns: readonly string[], rows: readonly StoryRow[]): Story {
  const rank = (title: string): number => (title.startsWith("cpu ") ? Number(title.slice(4)) : Infinity);
  const sorted = columns.toSorted((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
  const place = columns.map((title) => sorted.indexOf(title));
  return { columns: sorted, rows: rows.map((row) => ({ ...row, column: place[row.column] ?? 0 })) };
}

/** What a context waits for, or null when it does not. */
function waitText(context: Context): string | null {
  const { gate } = context;
  if (gate !== null) {
    if (gate.owner === null) return null;
    return `waits for ${gate.label}, held by ${gate.owner.name}`;
  }
  const said = context.waitsFor?.();
  if (said === undefined) return context.blocked ? "waits" : null;
  return `waits for ${said.for}${said.heldBy === null ? "" : `, held by ${said.heldBy.name}`}`;
}
