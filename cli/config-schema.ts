/**
 * What a configuration record from outside (a token) must look like. The ranges are wider than any scenario's
 * and narrow enough that no record can exhaust memory. Loaded only when something from outside is read.
 */
import { z } from "zod";
import { MBUF_SC_NAMES } from "../model/index.ts";
import {
  ADDRESS_OPS,
  IOCTL_NAMES,
  LINKS,
  LOOKUPS,
  MODULE_KINDS,
  MODULE_OPS,
  MULTI_OPS,
  type ActorConfig,
  type Config,
  type FaultConfig,
  type IoctlCall,
  type LookupOp,
  type LoopbackOp,
  type LoopbackPacket,
  type ModuleOp,
  type MultiOp,
  type PacketConfig,
  type TopologyConfig,
  type XnuTopology,
} from "../scenarios/index.ts";
import { tunActor, tunTopology } from "./config-schema-tun.ts";
import { UsageError, oneLine } from "./errors.ts";

const integer = (least: number, most: number) => z.int().min(least).max(most);

const CPUS = 8;
const INTERFACES = 16;
const SUBQS = 16;
const TIMES = 256;
const ACTORS = 64;

const cpu = integer(0, CPUS - 1);
const iface = integer(0, INTERFACES);
const subq = integer(0, SUBQS - 1);
const times = integer(0, TIMES);
const name = z.string().min(1).max(64);

const packet: z.ZodType<PacketConfig> = z.strictObject({
  len: integer(1, 65_535),
  prio: z.boolean(),
  mcast: z.boolean(),
});
const packets = z.array(packet).max(TIMES);

const xnu: z.ZodType<XnuTopology> = z.strictObject({
  txstart: z.boolean(),
  fqCodel: z.boolean(),
  model: integer(0, 2),
  dequeueMax: integer(1, 256),
  dropLimit: integer(1, 4096),
  sndqMaxlen: integer(1, 4096),
  second: z.boolean(),
  idle: z.boolean(),
});

const loopbackPacket: z.ZodType<LoopbackPacket> = z.strictObject({
  len: integer(1, 65_535),
  sc: z.enum(MBUF_SC_NAMES),
  flow: integer(0, 0x7fff_ffff),
  tcp: z.boolean(),
  complete: z.boolean(),
  mcast: z.boolean(),
  leading: z.boolean(),
});

const loopbackOp: z.ZodType<LoopbackOp> = z.discriminatedUnion("do", [
  z.strictObject({
    do: z.literal("send"),
    family: z.enum(["inet", "inet6"]),
    route: z.enum(["up", "blackhole", "reject-host", "reject-net"]),
    packets: z.array(loopbackPacket).max(TIMES),
  }),
  z.strictObject({ do: z.enum(["max_dequeue", "sched_model", "dequeue_sc"]), value: integer(-1, 1000) }),
  z.strictObject({ do: z.enum(["listen", "unlisten", "up", "down", "detach", "throttle", "unthrottle"]) }),
  z.strictObject({ do: z.literal("time"), ms: integer(0, 10_000) }),
]);

const topology: z.ZodType<TopologyConfig> = z.strictObject({
  ncpus: integer(1, CPUS),
  ipiRing: integer(1, 4096),
  early: integer(0, INTERFACES).optional(),
  interfaces: integer(0, INTERFACES),
  subqs: integer(1, SUBQS),
  owners: z.array(cpu).max(SUBQS),
  polling: z.array(cpu).max(SUBQS).nullable().default(null),
  qmax: integer(0, 100_000),
  stageCntmax: integer(0, 10_000),
  mtu: integer(1, 65_535),
  ringSize: integer(1, 4096),
  startBudget: integer(1, 100_000),
  serializers: z.enum(["single", "per-ring"]),
  interruptCpus: z.array(cpu).max(SUBQS),
  netisrBatch: integer(1, 100_000),
  callouts: z.enum(["A", "B"]),
  tokenBucket: z
    .strictObject({ bytesPerTick: integer(1, 10_000_000), depth: integer(1, 10_000_000) })
    .nullable(),
  watchdog: z.strictObject({ of: z.enum(["subqueue", "interface"]), seconds: integer(0, 60) }),
  hz: integer(1, 1000),
  ticks: integer(0, 10_000),
  links: z.array(z.enum(LINKS)).max(INTERFACES).optional(),
  card: z.literal("silent").optional(),
  driver: name.optional(),
  xnu: xnu.optional(),
  tun: tunTopology.optional(),
});

const bytes = z.string().regex(/^(?:[0-9a-f]{2}){2,255}$/);
const lookupOp: z.ZodType<LookupOp> = z.discriminatedUnion("op", [
  z.strictObject({ op: z.literal("ask"), fn: z.enum(LOOKUPS), addr: bytes, iface }),
  z.strictObject({ op: z.literal("add"), iface, addr: bytes, dst: bytes.nullable(), mask: bytes.nullable(), tail: z.boolean(), claims: z.boolean().optional() }),
  z.strictObject({ op: z.literal("mac"), minlen: integer(0, 8) }),
  z.strictObject({ op: z.literal("remove"), which: times }),
]);

const text = z.string().max(64);

const ioctlCall: z.ZodType<IoctlCall> = z.discriminatedUnion("do", [
  z.strictObject({
    do: z.literal("ioctl"),
    cmd: z.union([integer(0, 0xffff_ffff), z.enum(IOCTL_NAMES)]),
    iface: text,
    value: integer(-0x8000_0000, 0x7fff_ffff),
    text,
    bad: z.enum(["nothing", "request", "pointer", "socket"]),
  }),
  z.strictObject({ do: z.literal("await") }),
  z.strictObject({ do: z.literal("lookup"), iface: text }),
  z.strictObject({ do: z.literal("refuse"), iface }),
  z.strictObject({ do: z.enum(["add-address", "delete-address"]), iface, value: integer(0, 255) }),
]);
const multiOp: z.ZodType<MultiOp> = z.strictObject({ op: z.enum(MULTI_OPS), n: integer(0, 255) });

const moduleOp: z.ZodType<ModuleOp> = z.strictObject({ op: z.enum(MODULE_OPS), n: integer(0, 255) });

const actor: z.ZodType<ActorConfig> = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("send"), cpu, netisr: z.boolean(), iface, packets }),
  z.strictObject({ kind: z.literal("handoff"), cpu, iface, packets }),
  z.strictObject({ kind: z.literal("hold"), cpu, iface, subq, times }),
  z.strictObject({ kind: z.literal("move-owner"), cpu, iface, subq, to: z.array(cpu).max(TIMES) }),
  z.strictObject({ kind: z.literal("running"), cpu, iface, times }),
  z.strictObject({ kind: z.literal("updown"), cpu, iface, times }),
  z.strictObject({ kind: z.literal("purge"), cpu, iface, times }),
  z.strictObject({ kind: z.literal("devstart-sched"), cpu, iface, subq, times }),
  z.strictObject({ kind: z.literal("churn"), cpu, times }),
  z.strictObject({ kind: z.literal("detach"), cpu, iface }),
  z.strictObject({ kind: z.literal("address"), op: z.enum(ADDRESS_OPS), cpu, iface, times }),
  z.strictObject({ kind: z.literal("read-array"), cpu, times }),
  z.strictObject({ kind: z.literal("ipi-flood"), cpu, to: cpu, times: integer(0, 4096) }),
  z.strictObject({ kind: z.literal("ping"), cpu, to: cpu, times }),
  z.strictObject({ kind: z.literal("multi"), cpu, iface, locked: z.boolean(), ops: z.array(multiOp).max(TIMES) }),
  z.strictObject({ kind: z.literal("module"), cpu, driver: z.enum(MODULE_KINDS), ops: z.array(moduleOp).max(TIMES) }),
  z.strictObject({ kind: z.literal("lookups"), cpu, ops: z.array(lookupOp).max(TIMES) }),
  z.strictObject({ kind: z.literal("loopback"), cpu, ops: z.array(loopbackOp).max(TIMES) }),
  tunActor,
  z.strictObject({ kind: z.literal("ioctl"), cpu, user: z.enum(["root", "nobody", "jailed"]), calls: z.array(ioctlCall).max(TIMES) }),
  z.strictObject({ kind: z.literal("run"), routine: name, cpu, iface, times }),
]);

const faults: z.ZodType<FaultConfig> = z.strictObject({
  lostInterrupts: integer(0, TIMES),
  spuriousInterrupts: integer(0, TIMES),
  ringStalls: integer(0, TIMES),
  lateCompletions: integer(0, TIMES),
  nowaitFails: z.boolean(),
  failing: z.array(integer(1, TIMES)).max(TIMES).optional(),
  waitokBlocks: z.boolean(),
});

const shape: z.ZodType<Config> = z.strictObject({
  topology,
  workload: z.array(actor).max(ACTORS),
  faults,
  memory: z.enum(["tso", "pso"]).optional(),
});

const config = shape.superRefine(({ topology: machine }, context) => {
  const refuse = (message: string): void => context.addIssue({ code: "custom", message });
  const { subqs } = machine;
  if ((subqs & (subqs - 1)) !== 0) refuse("topology.subqs: must be a power of two");
  for (const list of ["owners", "interruptCpus"] as const) {
    if (machine[list].length < subqs) refuse(`topology.${list}: needs one cpu for each subqueue`);
  }
});

/** The record, or a {@link UsageError} that names the first thing wrong with it. */
export function parseConfig(value: unknown): Config {
  const result = config.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  throw new UsageError(`the configuration record is not valid: ${where}${oneLine(issue?.message ?? "")}`);
}
