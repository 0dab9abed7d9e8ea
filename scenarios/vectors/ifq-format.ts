/**
 * The format of recorded operation sequences on the send queue: what a line holds, and reading it.
 */
import { Fields, Unreadable, array, integer, json, shown } from "./reader.ts";

/** The machine and the interface of a sequence. */
export interface IfqConfig {
  readonly ncpus: number;
  /** `ifsq_stage_cntmax`. */
  readonly stageCntmax: number;
  /** Subqueues; more than one are mapped by CPU mask. */
  readonly subqs: number;
  /** Argument of `ifq_set_maxlen`. */
  readonly qmax: number;
  /** What `ifsq_maxlen` came to be. */
  readonly maxlen: number;
  /** What `ifsq_maxbcnt` came to be, bytes. */
  readonly maxbcnt: number;
  readonly mtu: number;
  readonly maxProtohdr: number;
  /** Transmit ring slots per subqueue. */
  readonly ringSize: number;
  /** Packets the driver takes in one `if_start`. */
  readonly startBudget: number;
  /** Initial owner CPU of each subqueue. */
  readonly owners: readonly number[];
}

/** `ifq_dispatch` of a fresh packet. */
export interface DispatchOp {
  readonly op: "dispatch";
  readonly cpu: number;
  /** 1: by the CPU's netisr thread. */
  readonly netisr: number;
  /** Packet id. */
  readonly id: number;
  /** Bytes. */
  readonly len: number;
  readonly prio: number;
  readonly mcast: number;
  /** 1: somebody else holds the hardware serializer during the call. */
  readonly hwBusy: number;
}

/** A transmit-complete interrupt. */
export interface TxeofOp {
  readonly op: "txeof";
  readonly cpu: number;
  readonly subq: number;
  /** Ring slots that become free, at most those in use. */
  readonly done: number;
  /** 1: `ifsq_devstart_sched`, 0: `ifsq_devstart`. */
  readonly sched: number;
}

/** One operation. */
export type IfqOp =
  | DispatchOp
  | TxeofOp
  | { readonly op: "ipi" | "netisr" | "rollup"; readonly cpu: number }
  | { readonly op: "running"; readonly on: number }
  | { readonly op: "setcpu"; readonly subq: number; readonly cpu: number }
  | { readonly op: "purge"; readonly subq: number };

/** One subqueue after an operation. */
export interface SubqState {
  readonly len: number;
  readonly bcnt: number;
  readonly prioLen: number;
  readonly prioBcnt: number;
  readonly started: number;
  readonly oactive: number;
  readonly cpu: number;
  /** Calls of `if_start` so far. */
  readonly starts: number;
  /** Ring slots in use. */
  readonly ring: number;
  /** Per CPU `[stg_cnt, stg_len, stg_flags]`. */
  readonly stages: readonly (readonly number[])[];
}

/** What is seen after an operation. */
export interface SeenState {
  readonly error: number;
  readonly freed: readonly number[];
  readonly sent: readonly number[];
  readonly obytes: number;
  readonly omcasts: number;
  readonly subqs: readonly SubqState[];
  /** Messages pending per CPU. */
  readonly msgs: readonly number[];
  /** IPIs pending per CPU. */
  readonly ipis: readonly number[];
}

/** A state after an operation, or the panic that ended the sequence there. */
export type IfqState = SeenState | { readonly panic: string };

/** One line. */
export interface IfqSequence {
  /** Line number, from 1. */
  readonly line: number;
  readonly seed: number;
  readonly config: IfqConfig;
  readonly ops: readonly IfqOp[];
  readonly states: readonly IfqState[];
}

const CPUS_MAX = 32;
const SUBQS_MAX = 32;
const INT_MAX = 0x7fff_ffff;
const COUNT_MAX = 1_000_000;
const TOTAL_MAX = Number.MAX_SAFE_INTEGER;
const STAGE_FIELDS = 3;

/** Reads one line. Throws `Unreadable`. */
export function readSequence(text: string, line: number): IfqSequence {
  const where = `line ${line}`;
  const fields = new Fields(json(text, where), where);
  const seed = fields.integer("seed", -TOTAL_MAX, TOTAL_MAX);
  const config = readConfig(new Fields(fields.get("config"), `${where}: config`));
  const ops = fields.array("ops").map((op, i) => readOp(op, `${where}: operation ${i}`, config));
  const states = fields.array("states").map((state, i) => readState(state, `${where}: state ${i}`, config));
  checkLengths(ops, states, where);
  return { line, seed, config, ops, states };
}

function checkLengths(ops: readonly IfqOp[], states: readonly IfqState[], where: string): void {
  if (ops.length === 0) throw new Unreadable(where, "a sequence without operations");
  const panicAt = states.findIndex((state) => "panic" in state);
  if (panicAt >= 0 && panicAt !== states.length - 1)
    throw new Unreadable(where, `state ${panicAt} is a panic, but ${states.length - panicAt - 1} more follow`);
  const enough = panicAt >= 0 ? states.length <= ops.length : states.length === ops.length;
  if (!enough) throw new Unreadable(where, `${ops.length} operations but ${states.length} states`);
}

function readConfig(fields: Fields): IfqConfig {
  const ncpus = fields.integer("ncpus", 1, CPUS_MAX);
  const subqs = fields.integer("subqs", 1, SUBQS_MAX);
  if ((subqs & (subqs - 1)) !== 0)
    throw new Unreadable(fields.where, `"subqs" must be a power of two to be mapped by mask, not ${subqs}`);
  const owners = fields.integers("owners", 0, ncpus - 1);
  if (owners.length !== subqs)
    throw new Unreadable(fields.where, `${subqs} subqueues but ${owners.length} owners`);
  return {
    ncpus,
    subqs,
    owners,
    stageCntmax: fields.integer("stageCntmax", 0, COUNT_MAX),
    qmax: fields.integer("qmax", 0, COUNT_MAX),
    maxlen: fields.integer("maxlen", 0, INT_MAX),
    maxbcnt: fields.integer("maxbcnt", 0, TOTAL_MAX),
    mtu: fields.integer("mtu", 0, COUNT_MAX),
    maxProtohdr: fields.integer("maxProtohdr", 0, COUNT_MAX),
    ringSize: fields.integer("ringSize", 0, COUNT_MAX),
    startBudget: fields.integer("startBudget", 0, INT_MAX),
  };
}

function readOp(value: unknown, where: string, config: IfqConfig): IfqOp {
  const fields = new Fields(value, where);
  const cpu = (): number => fields.integer("cpu", 0, config.ncpus - 1);
  const subq = (): number => fields.integer("subq", 0, config.subqs - 1);
  const flag = (name: string): number => fields.integer(name, 0, 1);
  const op = fields.text("op");
  switch (op) {
    case "dispatch":
      return {
        op,
        cpu: cpu(),
        netisr: flag("netisr"),
        id: fields.integer("id", -INT_MAX, INT_MAX),
        len: fields.integer("len", 0, COUNT_MAX),
        prio: flag("prio"),
        mcast: flag("mcast"),
        hwBusy: flag("hwBusy"),
      };
    case "ipi":
    case "netisr":
    case "rollup":
      return { op, cpu: cpu() };
    case "txeof":
      return { op, cpu: cpu(), subq: subq(), done: fields.integer("done", 0, INT_MAX), sched: flag("sched") };
    case "running":
      return { op, on: flag("on") };
    case "setcpu":
      return { op, subq: subq(), cpu: cpu() };
    case "purge":
      return { op, subq: subq() };
    default:
      throw new Unreadable(where, `unknown operation ${shown(op)}`);
  }
}

function readState(value: unknown, where: string, config: IfqConfig): IfqState {
  const fields = new Fields(value, where);
  if (fields.has("panic")) return { panic: fields.text("panic") };
  const subqs = fields.array("subqs").map((subq, q) => readSubq(subq, `${where}: subqueue ${q}`, config));
  const perCpu = (name: string): readonly number[] => {
    const counts = fields.integers(name, 0, INT_MAX);
    if (counts.length !== config.ncpus)
      throw new Unreadable(where, `"${name}" has ${counts.length} entries for ${config.ncpus} cpus`);
    return counts;
  };
  if (subqs.length !== config.subqs)
    throw new Unreadable(where, `"subqs" has ${subqs.length} entries for ${config.subqs} subqueues`);
  return {
    error: fields.integer("error", 0, INT_MAX),
    freed: fields.integers("freed", -INT_MAX, INT_MAX),
    sent: fields.integers("sent", -INT_MAX, INT_MAX),
    obytes: fields.integer("obytes", 0, TOTAL_MAX),
    omcasts: fields.integer("omcasts", 0, TOTAL_MAX),
    subqs,
    msgs: perCpu("msgs"),
    ipis: perCpu("ipis"),
  };
}

function readSubq(value: unknown, where: string, config: IfqConfig): SubqState {
  const fields = new Fields(value, where);
  const number = (name: string): number => fields.integer(name, -INT_MAX, TOTAL_MAX);
  const stages = fields.array("stages").map((stage, c) => {
    const at = `${where}: stage of cpu ${c}`;
    const numbers = array(stage, at).map((n) => integer(n, at, -INT_MAX, INT_MAX));
    if (numbers.length !== STAGE_FIELDS) throw new Unreadable(at, "three numbers are needed");
    return numbers;
  });
  if (stages.length !== config.ncpus)
    throw new Unreadable(where, `"stages" has ${stages.length} entries for ${config.ncpus} cpus`);
  return {
    len: number("len"),
    bcnt: number("bcnt"),
    prioLen: number("prioLen"),
    prioBcnt: number("prioBcnt"),
    started: number("started"),
    oactive: number("oactive"),
    cpu: number("cpu"),
    starts: number("starts"),
    ring: number("ring"),
    stages,
  };
}
