/** Random programs, for holding explorations against each other. */
import { Draws, rng } from "../sim/index.ts";
import type { Expression, Source, Statement } from "./language.ts";

/** What may occur. */
export interface Mix {
  /** At least two, at most so many. */
  readonly threads: number;
  /** Accesses and mutex sections of a thread, at most. */
  readonly ops: number;
  readonly words: number;
  readonly mutexes: boolean;
  /** Waits for a value, and assumptions. */
  readonly waits: boolean;
  /** Condition variables; needs mutexes. */
  readonly conditions: boolean;
  /** One thread spawns or joins others, and main looks at the end. */
  readonly spawns: boolean;
}

const USUAL: Mix = { threads: 3, ops: 3, words: 2, mutexes: true, waits: true, conditions: true, spawns: true };

/** The program of a seed. What `mix` does not say is as usual: up to three threads of up to three ops on two words. */
export function generate(seed: string, mix: Partial<Mix> = {}): Source {
  return new Generator(seed, { ...USUAL, ...mix }).source();
}

class Generator {
  readonly #draws: Draws;
  readonly #mix: Mix;

  constructor(seed: string, mix: Mix) {
    this.#draws = new Draws(rng(`program ${seed}`));
    this.#mix = mix;
  }

  source(): Source {
    const count = 2 + this.#below(this.#mix.threads - 1);
    const threads = Array.from({ length: count }, () => this.#block(1 + this.#below(this.#mix.ops), false));
    const spawning = this.#mix.spawns && this.#below(4) === 0;
    const last = count - 1;
    if (spawning) {
      const first = threads[0] as Statement[];
      first.splice(this.#below(first.length + 1), 0, ["spawn", last]);
      if (this.#below(2) === 0) first.push(["join", last], ["ld", "r", this.#word()]);
    }
    return {
      vars: { x: this.#below(2) },
      threads,
      final: this.#mix.spawns && this.#below(6) === 0 ? [["ld", "r", "x"]] : [],
      orderFailedTrylock: this.#below(4) === 0,
    };
  }

  #below(n: number): number {
    return this.#draws.below(n);
  }

  #block(ops: number, locked: boolean): Statement[] {
    return Array.from({ length: ops }, () => this.#statement(locked)).flat();
  }

  #statement(locked: boolean): readonly Statement[] {
    const kind = this.#below(16);
    if (kind < 3) return [["st", this.#word(), this.#value()]];
    if (kind < 6) return [["ld", this.#register(), this.#word()]];
    if (kind === 6) return [["rmw", this.#register(), this.#word(), ["+", "_old", 1]]];
    if (kind === 7) return [["xchg", this.#register(), this.#word(), this.#value()]];
    if (kind === 8) return [["cas", this.#register(), this.#word(), this.#below(2), this.#value()]];
    if (kind === 9) return [["if", this.#register(), this.#block(1, locked), this.#block(1, locked)]];
    if (kind === 10) return [["st", ["a", ["&&", this.#register(), 1]], this.#value()]];
    if (kind < 14) return this.#mix.mutexes && !locked ? this.#section() : [["ld", this.#register(), this.#word()]];
    if (!this.#mix.waits) return [["st", this.#word(), this.#value()]];
    return [this.#wait()];
  }

  #wait(): Statement {
    const condition: Expression = ["==", "_v", this.#below(2)];
    const kind = this.#below(3);
    if (kind === 0) return ["assume", ["!=", this.#register(), this.#below(2)]];
    return kind === 1 ? ["await", this.#word(), condition] : ["awaitx", this.#register(), this.#word(), condition, this.#value()];
  }

  #section(): readonly Statement[] {
    const mutex = this.#below(3) === 0 ? "n" : "m";
    const body = this.#block(1, true);
    const kind = this.#below(this.#mix.conditions ? 6 : 3);
    if (kind === 0) return [["trylock", "k", mutex], ["if", "k", [...body, ["unlock", mutex]]]];
    if (kind === 3) body.push(["seq", ["cwait", "c", mutex], ["creacq", "c", mutex]]);
    if (kind === 4) body.push(["csignal", "c"]);
    if (kind === 5) return [["lock", mutex], ...body, ["unlock", mutex], [this.#below(2) === 0 ? "csignal" : "cbcast", "c"]];
    return [["lock", mutex], ...body, ["unlock", mutex]];
  }

  #word(): string {
    return ["x", "y", "z", "a[0]"][this.#below(this.#mix.words)] ?? "x";
  }

  #register(): string {
    return this.#below(2) === 0 ? "r" : "s";
  }

  #value(): Expression {
    const value = this.#below(4);
    return value === 3 ? this.#register() : value;
  }
}
