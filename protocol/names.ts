/** What contexts and objects are called in protocol coverage: by kind, never by instance. */
import { Cell, Processor, cellName, type Context } from "../sim/index.ts";

const SETUP = 0;

/** Threads of the kernel, by how their names begin; what a thread is named for a system call is an instance. */
const THREADS: readonly (readonly [start: string, kind: string])[] = [
  ["netisr_cpu ", "netisr"],
  ["ifnet ", "ifnet thread"],
  ["softclock ", "softclock"],
  ["ithread ", "ithread"],
];

/** Threads of XNU, which are bound to no CPU: its own, and what a scenario brings in. */
const XNU_THREADS: readonly (readonly [start: string, kind: string])[] = [
  ["ifnet_start_", "start thread"],
  ["dlil_main_input", "input thread"],
  ["ifnet_detacher", "detacher"],
  ["loopback ", "thread"],
];

/** The kind of a context: `netisr`, `ithread`, `IPI`, ..., `thread` for everything a system call brings in. */
export function kindOf(context: Context): string {
  const { name } = context;
  if (context.cpu === null) {
    if (context.id === SETUP) return "setup";
    if (name === "clock") return "clock";
    return XNU_THREADS.find(([start]) => name.startsWith(start))?.[1] ?? "device";
  }
  if (context.isLine) {
    if (name.endsWith(" ipi")) return "IPI";
    return name.endsWith(" timer") ? "clock interrupt" : "interrupt";
  }
  return THREADS.find(([start]) => name.startsWith(start))?.[1] ?? "thread";
}

const IPI_RING = /^ipiq \d+ to \d+$/;
const SPIN_GATE = /^cpu \d+ spins$/;

/** The class of an object: its label and its field without what tells instances apart. Cost: a look at each field of a struct. */
export function classOf(object: object): string {
  if (object instanceof Processor) return "cpu";
  if (object instanceof Cell) return withoutInstances(cellName(object as Cell<unknown>));
  const label: unknown = Reflect.get(object, "label");
  const type = object.constructor.name;
  if (typeof label !== "string" || label === "") return type;
  if (IPI_RING.test(label)) return "IPI ring";
  if (SPIN_GATE.test(label)) return "IPI spin";
  const owned = ofThread(label);
  if (owned !== null) return owned;
  const suffix = SUFFIXES.get(type);
  return withoutInstances(label) + (suffix ?? "");
}

/** What the label alone does not tell: a card's interrupt and its ring have the same one. */
const SUFFIXES: ReadonlyMap<string, string> = new Map([
  ["Interrupt", " interrupt"],
  ["NicRing", " registers"],
  ["Mtx", " mutex"],
]);

/** The port and the sleep timeout of a thread, and who sleeps on them. */
function ofThread(label: string): string | null {
  const [, sleepers = "", name = "", what = ""] = /^(sleepers on )?(.+) (port|timeout)$/.exec(label) ?? [];
  if (what === "") return null;
  const kind = THREADS.find(([start]) => name.startsWith(start))?.[1] ?? "thread";
  return `${sleepers}${kind} ${what}`;
}

/** An interface, a ring or a CPU by its unit: `em0`, `tx1`. */
const UNIT = /^([a-z]+)\d+$/;

/** `em0 subq 1 ifsq_len` is `subq ifsq_len`; `sleepers on em0 tx0 serializer` is `sleepers on tx serializer`. */
function withoutInstances(text: string): string {
  const words = text.replace(/^net /, "").replaceAll(/\[\d+\]/g, "").split(" ");
  const kept: string[] = [];
  for (const [i, word] of words.entries()) {
    if (/^\d+$/.test(word)) continue;
    const unit = UNIT.exec(word);
    const named = i === 0 || words[i - 1] === "on";
    if (unit === null) kept.push(word);
    else if (!named || i === words.length - 1) kept.push(unit[1] ?? word);
  }
  return kept.join(" ");
}
