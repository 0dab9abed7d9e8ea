/**
 * The rings of IPIs, as data.
 *
 * Mirrors: sys/sys/thread.h `struct lwkt_ipiq`.
 */
import { misuse, type Execution, type Routine } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";
import type { Globaldata } from "./globaldata.ts";

/** A function run by another CPU. */
export type IpiFunc<T> = (k: Kernel, arg: T) => Routine<void>;

/** One entry of a ring. */
export interface IpiEntry {
  readonly func: IpiFunc<never>;
  readonly arg: unknown;
}

/** `struct lwkt_ipiq`: the ring of one ordered pair of CPUs. Indices run freely. */
export class LwktIpiq {
  readonly label: string;
  readonly object: number;
  readonly source: Globaldata;
  readonly #entries: (IpiEntry | null)[];
  /** Entries stored; written by the source. */
  ip_windex = 0;
  /** Entries taken; written by the destination. */
  ip_rindex = 0;
  /** Entries whose function has finished; written by the destination. */
  ip_xindex = 0;

  constructor(x: Execution, source: Globaldata, target: Globaldata, size: number) {
    this.label = `ipiq ${String(source.gd_cpuid)} to ${String(target.gd_cpuid)}`;
    this.object = x.register(this);
    this.source = source;
    this.#entries = new Array<IpiEntry | null>(size).fill(null);
  }

  get used(): number {
    return this.ip_windex - this.ip_rindex;
  }
  get size(): number {
    return this.#entries.length;
  }
  put(entry: IpiEntry): void {
    this.#entries[this.ip_windex++ % this.size] = entry;
  }
  take(): IpiEntry {
    return this.#at(this.ip_rindex++);
  }
  /** Entries whose function has not finished, for properties. */
  unfinished(): readonly IpiEntry[] {
    const count = this.ip_windex - this.ip_xindex;
    return Array.from({ length: count }, (_, i) => this.#at(this.ip_xindex + i));
  }
  #at(index: number): IpiEntry {
    return this.#entries[index % this.size] ?? misuse("empty-ring", this.label);
  }
}

/** An IPI that was sent and has not finished. */
export interface PendingIpi extends IpiEntry {
  readonly from: number;
  readonly to: number;
}

/** All IPIs that were sent and have not finished, for properties. */
export function pendingIpis(k: Kernel): readonly PendingIpi[] {
  const all: PendingIpi[] = [];
  for (const { gd_cpuid: from, gd_ipiq } of k.gd) {
    for (let to = 0; to < gd_ipiq.length; to++) {
      const ring = gd_ipiq[to] ?? null;
      if (ring === null || ring.ip_windex === ring.ip_xindex) continue;
      for (const entry of ring.unfinished()) all.push({ ...entry, from, to });
    }
  }
  return all;
}
