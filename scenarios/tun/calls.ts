/** What processes of the workload do with tun devices: one routine per operation. */
import { misuse, type Routine } from "../../sim/index.ts";
import {
  AF_INET,
  AF_INET6,
  FIOASYNC,
  FIONREAD,
  FIOSETOWN,
  EWOULDBLOCK,
  NetmsgBase,
  OutSockaddr,
  POLLIN,
  POLLOUT,
  SIGINT,
  TUN_ASYNC,
  TUN_IFHEAD,
  TUN_LMODE,
  TUNGIFHEAD,
  TUNGIFINFO,
  TUNINFO,
  TUNSIFHEAD,
  TUNSIFINFO,
  TUNSIFMODE,
  TUNSIFPID,
  TUNSLMODE,
  UIO_WRITE,
  bpfWrite,
  get_mplock,
  ifconfig,
  ksignal,
  lwkt_sendmsg,
  lwkt_serialize_enter,
  lwkt_serialize_exit,
  netisr_cpuport,
  netmsg_init,
  rel_mplock,
  SIOCGIFSTATUS,
  SOCKIO,
  sys_close,
  sys_ioctl,
  sys_open,
  sys_poll,
  sys_read,
  sys_revoke,
  sys_write,
  tbrRefill,
  type File,
  type Ifconfig,
  type Ifnet2008,
  type Kernel,
  type PollFd,
  type Proc,
} from "../../model/index.ts";
import type { TunActor, TunOp } from "./config.ts";
import { packetOf } from "./packet.ts";
import type { TunSent, TunWorld } from "./tun-world.ts";

/** Who does it. */
export interface Doer {
  readonly tun: TunWorld;
  readonly p: Proc;
  readonly name: string;
  readonly actor: TunActor;
}

type Call = (by: Doer, op: TunOp, fp: File) => Routine<void>;

// -- opening and closing ------------------------------------------------------------------------------------

function* openOp({ tun, p }: Doer, { unit }: TunOp): Routine<void> {
  const { fp } = yield* sys_open(tun.k, p, "tun", unit);
  if (fp === null) return;
  tun.files[unit] = fp;
  if (++tun.opens > tun.most) tun.most = tun.opens;
}

function* closeOp({ tun }: Doer, { unit }: TunOp, fp: File): Routine<void> {
  tun.files[unit] = null;
  tun.closes++;
  tun.opens--;
  yield* sys_close(tun.k, fp);
  tun.closed++;
}

function* revokeOp({ tun }: Doer, { unit }: TunOp, fp: File): Routine<void> {
  tun.files[unit] = null;
  tun.closes++;
  tun.opens--;
  yield* sys_revoke(tun.k, fp);
  tun.closed++;
}

// -- reading and waiting ------------------------------------------------------------------------------------

function* readOp({ tun, p, name }: Doer, { unit, len, valid, wait }: TunOp, fp: File): Routine<void> {
  const user = new Uint8Array(Math.min(len, valid));
  const addr = p.p_vmspace.map(user);
  if (wait) tun.reading.set(name, unit);
  const { error, value } = yield* sys_read(tun.k, p, fp, { addr, len, nonblock: !wait });
  tun.reading.delete(name);
  tun.reads.push({ unit, reader: name, error, bytes: [...user.subarray(0, error === 0 ? value : 0)], file: fp });
}

function* pollOp({ tun, p, name }: Doer, { unit, n, wait }: TunOp, fp: File): Routine<void> {
  if (wait) tun.polling.set(name, unit);
  yield* sys_poll(tun.k, p, [{ fp, events: n === 1 ? POLLOUT : POLLIN, revents: 0 }], wait);
  tun.polling.delete(name);
}

function* pollReadOp(by: Doer, op: TunOp, fp: File): Routine<void> {
  const { tun, p } = by;
  const fd: PollFd = { fp, events: POLLIN | POLLOUT, revents: 0 };
  yield* sys_poll(tun.k, p, [fd], false);
  if ((fd.revents & POLLIN) === 0) return;
  const closes = tun.closes;
  yield* readOp(by, { ...op, wait: false }, fp);
  if (tun.reads.at(-1)?.error === EWOULDBLOCK && tun.closes === closes) tun.lies++;
}

// -- writing ------------------------------------------------------------------------------------------------

/** Bytes that nobody else writes: a tag, then its low byte over and over. */
function tagged(tun: TunWorld, len: number): number[] {
  const tag = tun.nextTag++;
  return Array.from({ length: len }, (_, i) => (i === 0 ? tag >>> 8 : tag & 0xff));
}

function* writeOp({ tun, p, name }: Doer, { n, len, valid }: TunOp, fp: File): Routine<void> {
  const bytes = tagged(tun, len);
  const front = tun.options.head ? [0, 0, 0, n] : [];
  const whole = Uint8Array.from([...front, ...bytes]);
  const written = { writer: name, bytes, error: null as number | null };
  // One empty packet is like another.
  if (len > 0) tun.writes.push(written);
  const addr = p.p_vmspace.mapUpTo(whole, valid < len ? valid : whole.length);
  const { error } = yield* sys_write(tun.k, p, fp, { addr, len: whole.length });
  written.error = error;
}

/** Requests by number, with the bits that an argument sets and clears. */
const REQUESTS: readonly (readonly [cmd: number, modes: readonly [on: readonly [number, number], off: readonly [number, number]] | null])[] = [
  [TUNSIFHEAD, [[TUN_IFHEAD, TUN_LMODE], [0, TUN_IFHEAD]]],
  [TUNSLMODE, [[TUN_LMODE, TUN_IFHEAD], [0, TUN_LMODE]]],
  [FIOASYNC, [[TUN_ASYNC, 0], [0, TUN_ASYNC]]],
  [FIOSETOWN, null],
  [FIONREAD, null],
  [TUNGIFHEAD, null],
  [TUNGIFINFO, null],
  [TUNSIFINFO, null],
  [TUNSIFMODE, null],
  [TUNSIFPID, null],
  [0x20007400, null],
];

function* ioctlOp({ tun, p }: Doer, { unit, n, arg, len }: TunOp, fp: File): Routine<void> {
  const [cmd, modes] = REQUESTS[n % REQUESTS.length] as (typeof REQUESTS)[number]; // modulo what there is
  const data = new Uint8Array(8);
  new DataView(data.buffer).setInt32(0, arg, true);
  if (cmd === TUNSIFINFO) new DataView(data.buffer).setInt16(TUNINFO.mtu, len, true);
  const { error } = yield* sys_ioctl(tun.k, p, fp, cmd, p.p_vmspace.map(data));
  if (error !== 0 || modes === null) return;
  const [set, clear] = modes[arg === 0 ? 1 : 0];
  tun.modes.push({ unit, set, clear });
}

// -- the network ----------------------------------------------------------------------------------------------

class OutputMsg extends NetmsgBase {
  readonly tun: TunWorld;
  readonly send: () => Routine<void>;

  constructor(tun: TunWorld, label: string, send: () => Routine<void>) {
    super(tun.k, label);
    this.tun = tun;
    this.send = send;
  }
}

/** As a protocol of the era: with the MP lock, unless its thread is tuned to do without. */
function* outputHandler(k: Kernel, nmsg: NetmsgBase): Routine<void> {
  if (!(nmsg instanceof OutputMsg)) return misuse("no-output-message", nmsg.label);
  if (!nmsg.tun.options.mpsafe) yield* get_mplock(k);
  yield* nmsg.send();
  if (!nmsg.tun.options.mpsafe) yield* rel_mplock(k);
}

function* sendOne(k: Kernel, ifp: Ifnet2008, sent: TunSent, family: number, how: number): Routine<void> {
  const m = packetOf(k, sent.bytes, how);
  if (m === null) return;
  sent.error = yield* ifp.if_output(k, ifp, m, new OutSockaddr(k, `dst of ${m.label}`, family));
}

function* outputOp({ tun, name, actor }: Doer, { unit, n, arg, len, wait }: TunOp): Routine<void> {
  const { k } = tun;
  const ifp = tun.ifp(unit);
  if (ifp === null) return;
  const sent: TunSent = { unit, sender: wait ? `network for ${name}` : name, bytes: tagged(tun, len), error: null };
  tun.sent.push(sent);
  const send = (): Routine<void> => sendOne(k, ifp, sent, n === 0 ? AF_INET : n, arg);
  if (!wait) {
    yield* get_mplock(k);
    yield* send();
    yield* rel_mplock(k);
    return;
  }
  const msg = new OutputMsg(tun, `output of ${name}`, send);
  netmsg_init(k, msg, null, k.net.netisr_apanic_rport, 0, outputHandler);
  yield* lwkt_sendmsg(k, netisr_cpuport(k, actor.cpu % k.params.ncpus), msg);
}

function* injectOp({ tun, p, name }: Doer, { unit, n, len }: TunOp): Routine<void> {
  const ifp = tun.ifp(unit);
  if (ifp === null) return;
  const bytes = tagged(tun, len);
  const sent: TunSent = { unit, sender: name, bytes, error: null };
  tun.sent.push(sent);
  const whole = Uint8Array.from([n === 0 ? AF_INET : n, 0, 0, 0, ...bytes]);
  const iov = { iov_base: p.p_vmspace.map(whole), iov_len: whole.length };
  sent.error = yield* bpfWrite(tun.k, ifp, { uio_iov: [iov], uio_resid: whole.length, uio_rw: UIO_WRITE });
}

const IFCONFIG: readonly Ifconfig[] = [
  { verb: "up" },
  { verb: "down" },
  { verb: "address", address: { sa_family: AF_INET, s_addr: 1 } },
  { verb: "address", address: null },
  { verb: "mtu", mtu: 576 },
  { verb: "ask", cmd: SIOCGIFSTATUS },
  { verb: "address", cmd: SOCKIO.SIOCSIFDSTADDR, address: { sa_family: AF_INET, s_addr: 2 } },
  { verb: "ask", cmd: SOCKIO.SIOCSIFPHYS },
  { verb: "address", address: { sa_family: AF_INET6, s_addr: 0 } },
  { verb: "address", address: { sa_family: AF_INET, s_addr: 0 } },
];

function* ifconfigOp({ tun, p }: Doer, { unit, n }: TunOp): Routine<void> {
  const ifp = tun.ifp(unit);
  if (ifp === null) return;
  yield* ifconfig(tun.k, p, ifp, IFCONFIG[n % IFCONFIG.length] as Ifconfig, {}); // modulo what there is
}

function* signalOp({ tun, p }: Doer, { n }: TunOp): Routine<void> {
  yield* get_mplock(tun.k);
  for (const other of tun.procs) if (other !== p) yield* ksignal(tun.k, other, n === 0 ? SIGINT : n);
  yield* rel_mplock(tun.k);
}

function* refillOp({ tun }: Doer, { unit, len }: TunOp): Routine<void> {
  const { k } = tun;
  const ifp = tun.ifp(unit);
  if (ifp === null) return;
  yield* tbrRefill(k, ifp.if_snd, len);
  yield* get_mplock(k);
  yield* lwkt_serialize_enter(k, ifp.if_serializer);
  yield* ifp.if_start(k, ifp);
  yield* lwkt_serialize_exit(k, ifp.if_serializer);
  yield* rel_mplock(k);
}

/** Operations on an open file; they are passed over while there is none. */
const ON_FILE: Partial<Record<TunOp["do"], Call>> = {
  "close": closeOp,
  "revoke": revokeOp,
  "read": readOp,
  "write": writeOp,
  "ioctl": ioctlOp,
  "poll": pollOp,
  "poll-read": pollReadOp,
};

const OTHERS: Partial<Record<TunOp["do"], (by: Doer, op: TunOp) => Routine<void>>> = {
  open: openOp,
  ifconfig: ifconfigOp,
  output: outputOp,
  inject: injectOp,
  signal: signalOp,
  refill: refillOp,
};

/** Does one operation. */
export function* doOp(by: Doer, op: TunOp): Routine<void> {
  const other = OTHERS[op.do];
  if (other !== undefined) return yield* other(by, op);
  const fp = by.tun.files[op.unit] ?? null;
  const call = ON_FILE[op.do];
  if (fp !== null && call !== undefined) yield* call(by, op, fp);
}
