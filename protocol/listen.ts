/** Where protocol coverage hears what a recording does not hold: the marks of the routines, and what the workload saw. */
import type { World } from "../scenarios/index.ts";
import type { Branch, ErrnoRoutine, Kernel, RecordedBranch } from "../model/index.ts";

/** Hears of one run. */
export interface Ears {
  /** The context that is running took a branch. */
  branch(branch: Branch | RecordedBranch): void;
  /** A routine returned. */
  returned(routine: ErrnoRoutine, error: number): void;
}

/** Hooks into a world; called once, after boot. What it returns is called when the run is over. */
export type Listen = (world: World, ears: Ears) => () => void;

/** Listens to a kernel. */
export const listenToKernel: Listen = (world, ears) => {
  const errno: Kernel["onErrno"] = (routine, error) => ears.returned(routine, error);
  if (world.loopback !== null) {
    world.loopback.xnu.onErrno = errno;
    return () => undefined;
  }
  const { k } = world;
  const branch: Kernel["onBranch"] = (taken) => ears.branch(taken);
  k.onBranch = branch;
  k.onErrno = errno;
  return () => {
    if (world.walks.some(({ overtaken }) => overtaken)) ears.branch("array: swapped under a reader");
  };
};

/** For programs without a kernel: there is nothing to hear. */
export const listenToNothing: Listen = () => () => undefined;
