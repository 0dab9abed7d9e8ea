/** What the threads of a workload do: which routine each kind of actor runs. */
import type { Routine } from "../sim/index.ts";
import { spawnProcess, spawnThread } from "../model/index.ts";
import { ipiFlood, ping, pingPartner, type Bell } from "./actors-machine.ts";
import { handoff, sendDirectly, sendThroughNetisr } from "./actors-packets.ts";
import { devstartSched, hold, moveOwner, purge, toggleRunning, upDown } from "./actors-queue.ts";
import { churn, detach, readArray } from "./actors-tables.ts";
import type { ActorConfig } from "./config.ts";
import { lookups } from "./lookups/actor.ts";
import { startLoopbackActor } from "./loopback/run.ts";
import { address } from "./ifaddr/actor.ts";
import { startIoctl } from "./ioctl/actor.ts";
import { loadModule } from "./module/actor.ts";
import { multi } from "./multi/actor.ts";
import { routineNamed, type Parts } from "./parts.ts";
import { startTunActor } from "./tun/actors.ts";
import type { World } from "./world.ts";

/** Starts the thread of an actor (a `ping` has a partner on another CPU). */
export function startActor(world: World, actor: ActorConfig, index: number, parts: Parts): void {
  const name = `${actor.kind} ${String(index)}`;
  if (actor.kind === "loopback") return startLoopbackActor(world, actor.ops, name);
  const { k } = world;
  const cpu = actor.cpu % k.params.ncpus;
  if (actor.kind === "run") {
    const routine = routineNamed(parts, actor.routine);
    const called = `${actor.routine} ${String(index)}`;
    spawnThread(k, called, cpu, () => routine(world, actor, called));
    return;
  }
  if (actor.kind === "tun") {
    startTunActor(world, actor, index, name);
    return;
  }
  if (actor.kind === "ioctl") {
    startIoctl(world, actor, index);
    return;
  }
  if (actor.kind === "module") {
    spawnProcess(k, name, cpu, { pid: index + 1 }, (_k, proc) => loadModule(world, proc, actor, `mod${"abcdefgh"[index % 8] ?? ""}`));
    return;
  }
  if (actor.kind === "multi") {
    spawnProcess(k, name, cpu, { pid: index + 1 }, () => multi(world, actor, name));
    return;
  }
  if (actor.kind !== "ping") {
    spawnThread(k, name, cpu, () => body(world, actor, name));
    return;
  }
  const bell: Bell = { label: `bell ${String(index)}`, rung: 0 };
  const partner = actor.to % k.params.ncpus;
  spawnThread(k, `${name} partner`, partner, () => pingPartner(k, bell, actor.times));
  spawnThread(k, name, cpu, () => ping(world, actor, bell));
}

function body(
  world: World,
  actor: Exclude<ActorConfig, { kind: "ioctl" | "module" | "multi" | "ping" | "run" | "loopback" | "tun" }>,
  name: string,
): Routine<void> {
  switch (actor.kind) {
    case "send":
      return actor.netisr ? sendThroughNetisr(world, actor, name) : sendDirectly(world, actor, name);
    case "handoff":
      return handoff(world, actor, name);
    case "hold":
      return hold(world, actor);
    case "move-owner":
      return moveOwner(world, actor);
    case "running":
      return toggleRunning(world, actor);
    case "updown":
      return upDown(world, actor);
    case "purge":
      return purge(world, actor);
    case "devstart-sched":
      return devstartSched(world, actor);
    case "churn":
      return churn(world, actor);
    case "detach":
      return detach(world, actor);
    case "read-array":
      return readArray(world, actor);
    case "lookups":
      return lookups(world, actor);
    case "address":
      return address(world, actor, name);
    case "ipi-flood":
      return ipiFlood(world, actor, name);
  }
}
