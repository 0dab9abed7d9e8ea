/**
 * What operations cost in timed mode, nanoseconds: the order of magnitude on a machine of 2015, so that throughput
 * and latency can be compared between variants, not between machines.
 */
import { Op, type Costs } from "../sim/index.ts";

export const COSTS: Costs = {
  [Op.Load]: 2,
  [Op.Store]: 2,
  [Op.Peek]: 5,
  [Op.Publish]: 5,
  [Op.AtomicLoad]: 5,
  [Op.AtomicStore]: 20,
  [Op.Rmw]: 20,
  [Op.Acquire]: 20,
  [Op.Try]: 20,
  [Op.Release]: 20,
  [Op.CritEnter]: 2,
  [Op.CritExit]: 3,
  [Op.Send]: 60,
  [Op.Receive]: 40,
  [Op.Interlock]: 40,
  [Op.Sleep]: 60,
  [Op.Wakeup]: 80,
  [Op.Switch]: 100,
  [Op.Resume]: 200,
  [Op.Begin]: 500,
  [Op.End]: 300,
  [Op.Fence]: 20,
  [Op.Yield]: 50,
  [Op.Sample]: 5,
};
