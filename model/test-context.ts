/**
 * The vocabulary of the tests of the interface layer: a machine on which nothing happens by itself, and one that
 * runs under a random walk.
 */
import {
  DEFAULT_LIMITS,
  Execution,
  RandomWalk,
  Recording,
  type Context,
  type Routine,
  type RunResult,
  type Step,
  type Strategy,
} from "../sim/index.ts";
import { boot } from "./boot.ts";
import { nicDriver } from "./dev/nic.ts";
import { NO_CARD_FAULTS } from "./hw/card-engine.ts";
import type { Kernel } from "./kernel.ts";
import { TDF_NOSTART, lwkt_create, spawnThread, startCpus, type Thread } from "./kern/lwkt_thread.ts";
import { lwkt_getport } from "./kern/lwkt_msgport.ts";
import type { Params } from "./params.ts";
import { M_WAITOK } from "./sys/malloc.ts";
import { m_gethdr, type Mbuf } from "./sys/mbuf.ts";
import type { IfaltqSubque } from "./net/altq/if_altq.ts";
import type { Device, DeviceOptions, TxRing } from "./net/device.ts";
import { attachDevice, upDevice } from "./net/device-attach.ts";
import { dispatchNetmsg, netisr_cpuport } from "./net/netisr.ts";
import { queuedPackets, subqueues } from "./net/views.ts";

/** A card with one ring of 2 and a queue of 4. */
export const CARD: DeviceOptions = {
  unit: 0,
  subqs: 1,
  ringSize: 2,
  startBudget: 100,
  mtu: 1500,
  queue: { qmax: 4 },
  owners: [0],
  polling: null,
  interruptCpus: [1],
  serializers: "single",
  completions: "by-hand",
  watchdog: { of: "subqueue", seconds: 0 },
  faults: NO_CARD_FAULTS,
};

const STAY: Strategy = {
  name: "stay",
  begin: () => true,
  choose: (x, current) => current ?? (x.enabled[0] as Context),
  draw: () => 0,
};

/** Who runs a routine. */
export type Who = "netisr" | "thread" | "somebody";

/** A machine that does what the test says, one call after the other. */
export class StillMachine {
  readonly k: Kernel;
  readonly nic: Device;
  readonly #threads: readonly Thread[];
  readonly #somebody: readonly Thread[];
  #packets = 0;

  constructor(params: Partial<Params> = {}, card: Partial<DeviceOptions> = {}) {
    const x = new Execution(STAY, new Recording(), { ...DEFAULT_LIMITS, stepsMax: 1 << 30 });
    const { k, cards } = bootWithCard(x, params, card);
    this.k = k;
    this.nic = must(cards[0]);
    const idle = (name: string) => k.gd.map(({ gd_cpuid }) =>
      lwkt_create(k, nothing, undefined, `${name} ${gd_cpuid}`, gd_cpuid, TDF_NOSTART));
    this.#threads = idle("thread");
    this.#somebody = idle("somebody");
  }

  get ifsq(): IfaltqSubque {
    return must(subqueues(this.nic.ifp)[0]);
  }
  get ring(): TxRing {
    return must(this.nic.rings[0]);
  }

  thread(cpu: number, who: Who): Thread {
    if (who === "netisr") return must(this.k.net.netisr_cpu[cpu]);
    return must((who === "thread" ? this.#threads : this.#somebody)[cpu]);
  }

  /** Runs a routine to its end; throws when it waits. */
  call<T>(cpu: number, who: Who, start: () => Step<T>): T {
    const { x } = this.k;
    const td = this.thread(cpu, who);
    td.td_gd.gd_curthread = td;
    x.current = td.context;
    return spawn(start(), td.td_name);
  }

  /** A packet of 100 bytes, or as told. */
  packet(len = 100, flags = 0): Mbuf {
    return m_gethdr(this.k, M_WAITOK, { id: ++this.#packets, len, flags, owner: "test" });
  }

  /** Handles the oldest message of a netisr. */
  serve(cpu: number): void {
    const { k } = this;
    this.call(cpu, "netisr", function* (): Routine<void> {
      const msg = yield* lwkt_getport(k, netisr_cpuport(k, cpu));
      if (msg !== null) yield* dispatchNetmsg(k, msg);
    });
  }

  messages(cpu: number): number {
    return [...netisr_cpuport(this.k, cpu).mp_msgq].length;
  }
  ipis(from: number, to: number): number {
    return must(this.k.gd[from]).gd_ipiq[to]?.used ?? 0;
  }

  /** What the test is about, in one line. */
  expectState(): string {
    const { ifsq, ring } = this;
    const { prio, norm, prepended } = queuedPackets(ifsq);
    const ids = (list: readonly Mbuf[]): string => list.map(({ id }) => id).join(",");
    const started = ifsq.ifsq_started.peek() === 1 ? " started" : "";
    const oactive = ifsq.ifsq_hw_oactive.peek() === 1 ? " oactive" : "";
    const first = prepended === null ? "" : `${prepended.id}|`;
    return `queue ${first}${ids(prio)}|${ids(norm)} ring ${ids(ring.hw.taken)}${started}${oactive}`;
  }

  stage(cpu: number): readonly [cnt: number, len: number, flags: number] {
    const stage = must(this.ifsq.ifsq_stage.peek().stages[cpu]);
    return [stage.stg_cnt.peek(), stage.stg_len.peek(), stage.stg_flags.peek()];
  }
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new RangeError("there is none");
  return value;
}

/** Runs a step to its end, here and now. */
function spawn<T>(step: Step<T>, name: string): T {
  const { done, value } = step[Symbol.iterator]().next();
  if (done !== true) throw new Error(`${name} waits`);
  return value;
}

function* nothing(): Routine<void> {
  return;
}

function bootWithCard(
  x: Execution,
  params: Partial<Params>,
  card: Partial<DeviceOptions>,
): { k: Kernel; cards: readonly Device[] } {
  const cards: Device[] = [];
  const k = boot(x, params);
  spawnThread(k, "attach", 0, function* () {
    const nic = yield* attachDevice(k, nicDriver, { ...CARD, ...card });
    yield* upDevice(k, nic);
    cards.push(nic);
  });
  startCpus(k);
  x.settle();
  return { k, cards };
}

/** What differs from a plain walk. */
export interface WalkOptions {
  readonly params?: Partial<Params>;
  readonly card?: Partial<DeviceOptions>;
  readonly ticks?: number;
  readonly strategy?: Strategy;
}

/** One run under a random walk, or another strategy: boots, attaches a card, starts the workload, runs until all is quiet. */
export function walk(
  seed: number,
  options: WalkOptions,
  work: (k: Kernel, nic: Device) => void,
): { result: RunResult; k: Kernel; nic: Device } {
  const { strategy = new RandomWalk() } = options;
  strategy.begin(String(seed));
  const x = new Execution(strategy, new Recording());
  const booted: { k: Kernel; nic: Device }[] = [];
  const result = x.run(() => {
    const { params = {}, card = {}, ticks = 0 } = options;
    const { k, cards } = bootWithCard(x, params, { completions: "card", ...card });
    booted.push({ k, nic: must(cards[0]) });
    k.clock.allow(ticks);
    work(k, must(cards[0]));
    startCpus(k);
  });
  return { result, ...must(booted[0]) };
}
