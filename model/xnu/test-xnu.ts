/** The vocabulary of the tests of XNU: a machine that boots, runs some threads in turn, and is looked at afterwards. */
import { Execution, Recording, RoundRobin, type Routine, type RunResult } from "../../sim/index.ts";
import { bootXnu, type BootOptions } from "./boot.ts";
import { m_gethdr } from "./kern/uipc_mbuf.ts";
import type { XnuMbuf } from "./kern/mbuf.ts";
import type { Xnu, XnuParams } from "./xnu.ts";

/** What differs from a machine as it is shipped, with the send queue in use. */
export interface TestMachine {
  readonly params?: Partial<XnuParams>;
  readonly options?: Partial<BootOptions>;
}

/** Boots, runs the threads until all sleep, and returns what is left. */
export function runXnu(
  threads: readonly ((xnu: Xnu) => Routine<void>)[],
  { params = {}, options = {} }: TestMachine = {},
): { readonly xnu: Xnu; readonly result: RunResult } {
  const x = new Execution(new RoundRobin(), new Recording());
  const booted: Xnu[] = [];
  const result = x.run(() => {
    const xnu = bootXnu(x, params, { model: 0, dequeueMax: 256, second: false, idle: true, ...options });
    booted.push(xnu);
    threads.forEach((thread, i) => x.spawn(`test ${String(i)}`, () => thread(xnu)));
  });
  return { xnu: booted[0] as Xnu, result };
}

/** A list of packets of these lengths, with room for a header. */
export function list(xnu: Xnu, lengths: readonly number[], each: (m: XnuMbuf) => void = () => undefined): XnuMbuf | null {
  let head: XnuMbuf | null = null;
  for (const len of lengths.toReversed()) {
    const m = m_gethdr(xnu, "test", len, 16);
    m.m_nextpkt = head;
    each(m);
    head = m;
  }
  return head;
}
