/** The vocabulary of the tests of tun(4): processes on a machine that runs until all is quiet. */
import { Execution, Recording, type Context, type Failure, type Routine, type Strategy } from "../../../sim/index.ts";
import { boot } from "../../boot.ts";
import type { Kernel } from "../../kernel.ts";
import { spawnProcess, type Proc, type ProcessOptions } from "../../kern/kern_proc.ts";
import { sys_ioctl, sys_open, sys_poll, sys_read, sys_write, type File, type PollFd } from "../../kern/syscalls.ts";
import { POLLIN } from "../../kern/kern_conf.ts";
import { MGETHDR, type DataMbuf } from "../../kern/uipc_mbuf.ts";
import { IOCPARM_LEN } from "../../sys/ioccom.ts";
import { M_WAITOK } from "../../sys/malloc.ts";
import type { Params } from "../../params.ts";
import { tunattach } from "./if_tun.ts";
import { softcPeek, type TunSoftc } from "./if_tunvar.ts";
import { AF_INET } from "../sockaddr.ts";
import { OutSockaddr } from "./sockaddr_2008.ts";

/** What came of a run. */
export interface TunRun {
  readonly k: Kernel;
  readonly failure: Failure | null;
  readonly stuck: readonly string[];
}

/** Follows the default everywhere, and answers draws as told, then with 0. */
function drawing(draws: readonly number[]): Strategy {
  const left = [...draws];
  return {
    name: "drawing",
    begin: () => true,
    choose: (x, current) => current ?? (x.enabled[0] as Context),
    draw: () => left.shift() ?? 0,
  };
}

/** Boots, registers tun(4), starts what `work` starts, runs. */
function runTun(walk: Strategy, params: Partial<Params>, work: (k: Kernel) => void): TunRun {
  walk.begin("");
  const x = new Execution(walk, new Recording());
  const kernels: Kernel[] = [];
  const { failure } = x.run(() => {
    const k = boot(x, params);
    tunattach(k);
    kernels.push(k);
    work(k);
  });
  const stuck = x.contexts.filter((c) => !c.daemon && c.life !== "done").map(({ name }) => name);
  return { k: kernels[0] as Kernel, failure, stuck };
}

/** A process, its device and what it can do with it: each call answers as the system call does. */
export class User {
  readonly k: Kernel;
  readonly p: Proc;
  fp!: File;

  constructor(k: Kernel, p: Proc) {
    this.k = k;
    this.p = p;
  }

  get sc(): TunSoftc {
    return softcPeek(this.fp.dev) as TunSoftc;
  }

  *open(unit = 0): Routine<number> {
    const { error, fp } = yield* sys_open(this.k, this.p, "tun", unit);
    if (fp !== null) this.fp = fp;
    return error;
  }

  /** The bytes read, or the errno. */
  *read(len = 64, { nonblock = true, valid = len } = {}): Routine<string | number> {
    const user = new Uint8Array(valid);
    const addr = this.p.p_vmspace.map(user);
    const { error, value } = yield* sys_read(this.k, this.p, this.fp, { addr, len, nonblock });
    return error === 0 ? [...user.subarray(0, value)].join(" ") : error;
  }

  *write(bytes: readonly number[] | Uint8Array, valid = bytes.length): Routine<number> {
    const addr = this.p.p_vmspace.mapUpTo(Uint8Array.from(bytes), valid);
    const { error } = yield* sys_write(this.k, this.p, this.fp, { addr, len: bytes.length });
    return error;
  }

  /** An errno, or the integer that comes back: negative errnos would be mistaken for one, so there are none. */
  *ioctl(cmd: number, arg = 0, bytes = IOCPARM_LEN(cmd)): Routine<readonly [error: number, value: number]> {
    const data = new Uint8Array(Math.max(4, bytes));
    new DataView(data.buffer).setInt32(0, arg, true);
    const { error } = yield* sys_ioctl(this.k, this.p, this.fp, cmd, this.p.p_vmspace.map(data));
    return [error, new DataView(data.buffer).getInt32(0, true)];
  }

  *poll(events: number, wait = false): Routine<number> {
    const fd: PollFd = { fp: this.fp, events, revents: 0 };
    yield* sys_poll(this.k, this.p, [fd], wait);
    return fd.revents;
  }
}

/** One process that does this, alone. */
export function alone(
  body: (user: User) => Routine<unknown>,
  params: Partial<Params> = {},
  options: Partial<ProcessOptions> = {},
  draws: readonly number[] = [],
): { readonly said: unknown; readonly run: TunRun } {
  let said: unknown;
  const run = runTun(drawing(draws), params, (k) => {
    spawnProcess(k, "user", 0, { pid: 7, ...options }, function* (_k, p) {
      said = yield* body(new User(k, p));
    });
  });
  return { said, run };
}

/** A packet of the stack with these bytes, with room in front. */
export function packet(k: Kernel, bytes: readonly number[], headroom = 16): DataMbuf {
  const m = MGETHDR(k, M_WAITOK) as DataMbuf; // waits
  m.m_data += headroom;
  m.m_len = bytes.length;
  m.m_pkthdr.len = bytes.length;
  m.mtod().set(bytes);
  return m;
}

/** Sends a packet out of the interface. */
export function output(
  { k, sc }: User,
  bytes: readonly number[],
  { family = AF_INET, headroom = 16 } = {},
): Routine<number> {
  return sc.tun_if.if_output(k, sc.tun_if, packet(k, bytes, headroom), new OutSockaddr(k, "dst", family, [0, 80, 10, 0, 0, 1]));
}

export { POLLIN };
