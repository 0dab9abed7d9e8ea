/**
 * The ledger of kernel memory: what is allocated, by whom and where in the log, and what was freed.
 */
import { fail, type Fact, type Struct } from "../../sim/index.ts";
import type { MallocType } from "../sys/malloc.ts";

/** One live allocation. */
export interface Allocation {
  readonly type: MallocType;
  readonly by: string;
  /** Operations announced before it: a place in the log. */
  readonly site: number;
  /** Lives as long as the machine: made at boot. */
  permanent: boolean;
}

/** What is allocated. */
export class Ledger {
  readonly live = new Map<Struct, Allocation>();
  allocated = 0;
  freed = 0;

  enter(struct: Struct, type: MallocType): void {
    const { x } = struct;
    x.allocated(struct);
    this.live.set(struct, { type, by: x.current.name, site: x.recording.steps, permanent: false });
    this.allocated++;
  }

  /** What is allocated now is no leak at the end of the run. */
  makePermanent(): void {
    for (const allocation of this.live.values()) allocation.permanent = true;
  }

  /** Allocations that are not permanent, in the order they were made. */
  leaks(): readonly (readonly [Struct, Allocation])[] {
    return [...this.live].filter(([, allocation]) => !allocation.permanent);
  }

  /** Fails the run when something was allocated and not freed. For the end of a run that should free everything. */
  assertNoLeaks(): void {
    const leaks = this.leaks();
    if (leaks.length === 0) return;
    const facts = leaks.map(([struct, { type, by, site }]): Fact => [
      struct.label,
      `${type}, allocated by ${by} at operation ${String(site)}`,
    ]);
    fail("Memory", "leak", `${String(leaks.length)} allocations were never freed`, facts);
  }
}
