/**
 * The format of recorded sets of final outcomes: a small system and every state in which it can come to rest.
 */
import { Fields, Unreadable, json, reading, shown, type UnreadableFile } from "./reader.ts";

/** The system of a specification. Packets are 100 bytes, the MTU is 1500, there is one subqueue. */
export interface OutcomeSystem {
  /** The last CPU takes the device's interrupts, the others send. */
  readonly ncpus: number;
  /** `ifsq_stage_cntmax`. */
  readonly stageCntmax: number;
  readonly ringSize: number;
  readonly startBudget: number;
  /** Owner CPU of the subqueue. */
  readonly owner: number;
  /** Transmit-complete interrupts. */
  readonly txeofs: number;
  /** The last CPU first moves the subqueue to this CPU; -1: it does not. */
  readonly newOwner: number;
  /** `ifsq_maxlen`, as it is. */
  readonly maxlen: number;
  /** Packets each sending CPU dispatches. */
  readonly packets: readonly number[];
}

/** A state at rest. */
export interface RestState {
  /** Packet ids in the order they reached the ring. */
  readonly sent: readonly number[];
  /** Packet ids in the order they were dropped. */
  readonly freed: readonly number[];
  readonly len: number;
  readonly started: number;
  readonly oactive: number;
  /** Ring slots in use. */
  readonly ring: number;
  /** 1: a CPU waits for a lock for ever. */
  readonly stuck: number;
}

/** A state at rest, or the panic that came first: `panic: …`. */
export type FinalOutcome = RestState | string;

/** One specification. */
export interface OutcomeSpec {
  readonly system: OutcomeSystem;
  /** More runs of the real code found no other outcome: one that is not listed is almost certainly a defect. */
  readonly saturated: boolean;
  readonly outcomes: readonly FinalOutcome[];
}

const CPUS_MAX = 8;
const PACKETS_MAX = 9;
const INT_MAX = 0x7fff_ffff;
const COUNT_MAX = 1_000_000;

/** Reads a specification. */
export const readOutcomes = (text: string): OutcomeSpec | UnreadableFile => reading(() => readSpec(text));

function readSpec(text: string): OutcomeSpec {
  const fields = new Fields(json(text, "specification"), "specification");
  const outcomes = fields.array("outcomes").map((outcome, i) => readOutcome(outcome, `outcome ${i}`));
  const keys = outcomes.map(outcomeKey);
  const twice = keys.findIndex((key, i) => keys.indexOf(key) !== i);
  if (twice >= 0) throw new Unreadable(`outcome ${twice}`, `listed twice: ${shown(outcomes[twice])}`);
  return { system: readSystem(fields), saturated: readSaturated(fields), outcomes };
}

function readSaturated(fields: Fields): boolean {
  if (!fields.has("saturated")) return false;
  const value = fields.get("saturated");
  if (typeof value !== "boolean") throw new Unreadable(fields.where, `"saturated" must be true or false, not ${shown(value)}`);
  return value;
}

function readSystem(fields: Fields): OutcomeSystem {
  const ncpus = fields.integer("ncpus", 1, CPUS_MAX);
  const packets = fields.integers("packets", 0, PACKETS_MAX);
  if (packets.length !== ncpus - 1)
    throw new Unreadable(fields.where, `${ncpus} cpus need ${ncpus - 1} entries of "packets", not ${packets.length}`);
  return {
    ncpus,
    packets,
    stageCntmax: fields.integer("stageCntmax", 0, COUNT_MAX),
    ringSize: fields.integer("ringSize", 0, COUNT_MAX),
    startBudget: fields.integer("startBudget", 0, INT_MAX),
    owner: fields.integer("owner", 0, ncpus - 1),
    txeofs: fields.integer("txeofs", 0, COUNT_MAX),
    newOwner: fields.integer("newOwner", -1, ncpus - 1),
    maxlen: fields.integer("maxlen", 0, COUNT_MAX),
  };
}

function readOutcome(value: unknown, where: string): FinalOutcome {
  if (typeof value === "string") {
    if (!value.startsWith("panic")) throw new Unreadable(where, `a string must say "panic: …", not ${shown(value)}`);
    return value;
  }
  const fields = new Fields(value, where);
  return {
    sent: fields.integers("sent", 0, INT_MAX),
    freed: fields.integers("freed", 0, INT_MAX),
    len: fields.integer("len", 0, INT_MAX),
    started: fields.integer("started", 0, 1),
    oactive: fields.integer("oactive", 0, 1),
    ring: fields.integer("ring", 0, INT_MAX),
    stuck: fields.integer("stuck", 0, 1),
  };
}

/** A string that two outcomes share exactly when they are the same. */
export function outcomeKey(outcome: FinalOutcome): string {
  if (typeof outcome === "string") return outcome;
  const { sent, freed, len, started, oactive, ring, stuck } = outcome;
  return `sent ${sent.join(",")} freed ${freed.join(",")} len ${len} started ${started} oactive ${oactive} ring ${ring} stuck ${stuck}`;
}
