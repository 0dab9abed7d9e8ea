/** Processes on tun devices: the one at boot, and those of the workload. */
import { Op, type Routine } from "../../sim/index.ts";
import {
  AF_INET,
  BpfIf,
  SIGINT,
  SIGIO,
  altqEnable,
  ifconfig,
  spawnProcess,
  sys_ioctl,
  sys_open,
  tunattach,
  TUNSIFHEAD,
  type Kernel,
  type Proc,
} from "../../model/index.ts";
import type { World } from "../world.ts";
import { doOp, type Doer } from "./calls.ts";
import type { TunActor } from "./config.ts";
import { tunOf, type TunWorld } from "./tun-world.ts";

/** Before exploration begins: the driver, and the devices that everybody inherits. */
export function bootTun(world: World): void {
  const tun = tunOf(world);
  if (tun === null) return;
  const { k } = world;
  tunattach(k);
  if (k.net.tun !== null) {
    const input = (_isr: number, bytes: Uint8Array): void => void tun.arrived.push([...bytes]);
    k.net.tun.input = input;
  }
  spawnProcess(k, "init", 0, { pid: 1 }, (_k, p) => openDevices(k, p, tun));
}

function* openDevices(k: Kernel, p: Proc, tun: TunWorld): Routine<void> {
  const { open, up, head, listener, altq, qmax } = tun.options;
  for (let unit = 0; unit < open; unit++) {
    const { fp } = yield* sys_open(k, p, "tun", unit);
    const ifp = tun.ifp(unit);
    if (fp === null || ifp === null) return;
    tun.files[unit] = fp;
    tun.opens = tun.most = 1;
    ifp.if_snd.ifq_maxlen = qmax;
    if (listener) yield* ifp.if_bpf.store(new BpfIf());
    if (up) yield* ifconfig(k, p, ifp, { verb: "address", address: { sa_family: AF_INET, s_addr: 1 } }, {});
    if (altq !== null) {
      const { tokens } = altq;
      yield* altqEnable(k, ifp.if_snd, tokens === null ? null : { tokens, depth: 1000, polled: false });
    }
    if (head) yield* sys_ioctl(k, p, fp, TUNSIFHEAD, p.p_vmspace.map(Uint8Array.of(1, 0, 0, 0)));
  }
}

/** Waiting for a packet is what it is there for: it may be left asleep. */
const mayWait = ({ ops }: TunActor): boolean => ops.some((op) => op.wait && (op.do === "read" || op.do === "poll"));

/** A process of the workload. */
export function startTunActor(world: World, actor: TunActor, index: number, name: string): void {
  const tun = tunOf(world);
  if (tun === null) return;
  const handlers = [
    { signo: SIGINT, restart: actor.restarts },
    { signo: SIGIO, restart: true },
  ];
  const options = { pid: 100 + index, uid: actor.root ? 0 : 1000, session: actor.root ? 1 : 2, handlers, daemon: mayWait(actor) };
  const p = spawnProcess(world.k, name, actor.cpu % world.k.params.ncpus, options, (_k, proc) =>
    perform({ tun, p: proc, name, actor }));
  tun.procs.push(p);
}

function* perform(by: Doer): Routine<void> {
  yield* by.tun.k.x.pause(Op.Yield);
  for (const op of by.actor.ops) yield* doOp(by, op);
}
