/** What searches without stored states have in common, whatever they are bounded in: the path, and what is told of it. */
import type { Context } from "../context.ts";
import type { Execution } from "../execution.ts";
import type { Strategy } from "../strategy.ts";
import { SearchPath } from "./search-path.ts";

/** A complete search within a bound. */
export abstract class PathSearch implements Strategy {
  abstract readonly name: string;
  protected readonly path = new SearchPath();

  /** True once {@link begin} has said that nothing is left. */
  get exhausted(): boolean {
    return this.path.exhausted;
  }
  /** Executions begun so far, the ones included that a bound has cut. */
  get executions(): number {
    return this.path.executions;
  }
  get left(): number {
    return this.path.left;
  }

  begin(): boolean {
    this.restart();
    return this.path.begin();
  }

  /** An execution begins with the whole bound. */
  protected abstract restart(): void;

  abstract choose(x: Execution, current: Context | null): Context;

  draw(_x: Execution, n: number): number {
    return this.path.draw(n);
  }

  checkpoint(): unknown {
    return this.path.checkpoint();
  }

  resume(checkpoint: unknown): void {
    this.path.resume(checkpoint);
  }
}
