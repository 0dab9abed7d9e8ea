/** Which routines perform the operations of a run, for the tables of protocol coverage: read off the stacks of a replay. */
import type { Execution } from "../sim/index.ts";
import type { Case, EngineSet } from "./engine-set.ts";
import { modelledNames } from "./stack.ts";

/** Primitives of the kernel: their callers tell more. */
const PRIMITIVE = /^(?:lwkt_|spin_|mtx_|crit_|tsleep|_?wakeup|ssleep|callout_|kmalloc|kfree|netmsg_put_port)/;

/** Routines told of an operation. */
const SHOWN = 2;

/** Replays; answers by place in the log. The execution is valid until the next replay. */
export function performers(
  replay: EngineSet["replay"],
  what: Case,
): { readonly x: Execution; readonly routines: ReadonlyMap<number, string> } {
  const routines = new Map<number, string>();
  const seen: Execution[] = [];
  replay(what, {
    onCreated: (x) => {
      seen.push(x);
      // Watched from the boot on, so that drivers are told apart.
      x.observer = { announced: NOTHING, switched: NOTHING, value: NOTHING, note: NOTHING };
    },
    onReady: () => {
      const x = seen[0] as Execution; // it was created before it was ready
      const announced = (_context: unknown, _word: number, at: number): void => {
        const routine = performer(modelledNames(announced));
        if (routine !== "") routines.set(at, routine);
      };
      x.observer = { announced, switched: NOTHING, value: NOTHING, note: NOTHING };
    },
  });
  return { x: seen[0] as Execution, routines };
}

/** `ifsq_ifstart_need_schedule > ifsq_is_empty`: the innermost routines that are no primitives, or the primitive. */
function performer(stack: readonly string[]): string {
  const own = stack.filter((name, i) => !PRIMITIVE.test(name) && name !== stack[i - 1]);
  return own.length > 0 ? own.slice(-SHOWN).join(" > ") : (stack.at(-1) ?? "");
}

const NOTHING = (): void => undefined;
