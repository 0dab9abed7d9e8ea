/**
 * What a property is. *Always*: invariants, evaluated when the locks that guard what they read are released,
 * and at quiescence. *Sometimes*: must be reached by some run, so that green is not vacuous. *Eventually*:
 * holds once the system is quiet.
 */
import type { Fact } from "../sim/index.ts";
import type { System, World } from "../scenarios/index.ts";

/** A broken promise, as evidence. Null where the promise holds. */
export type Broken = readonly Fact[] | null;

interface Named {
  /** Kebab-case id, greppable; the family is its file. */
  readonly name: string;
  /** What is promised, as one sentence a kernel engineer agrees with. */
  readonly promise: string;
  /** The system it is about; absent: the DragonFly kernel. */
  readonly system?: System;
}

/** An invariant. `watch` names the locks after whose release it is evaluated; quiescence is always included. */
export interface Always extends Named {
  readonly kind: "always";
  /** Hooks evaluations into the world (`lock.watchers`); called once, after boot. */
  watch(world: World, evaluate: () => void): void;
  holds(world: World): Broken;
}

/** Must be reached by at least one run of a check of a scenario it applies to. */
export interface Sometimes extends Named {
  readonly kind: "sometimes";
  /** Scenarios that can reach it (names); empty: all. */
  readonly scenarios: readonly string[];
  /** Hooks observation into the world; calls `reached` when it happens. Called once, after boot. */
  watch(world: World, reached: () => void): void;
  /** Was it reached, by what the run has left behind? Asked once, at quiescence. */
  readonly seenAtEnd?: (world: World) => boolean;
}

/** Holds at quiescence. */
export interface Eventually extends Named {
  readonly kind: "eventually";
  holds(world: World): Broken;
}

/** Any property. */
export type Property = Always | Sometimes | Eventually;
