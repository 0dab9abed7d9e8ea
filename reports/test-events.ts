/** Lists of events for the tests of formats. */
import fc from "fast-check";
import type { ShownRun } from "./formats/shown-run.ts";
import type { RunEvent, RunEvents } from "./run-events.ts";
import { reportOf } from "./test-ending.ts";

/** One event; what is not said is unremarkable. */
const eventOf = (context: number, text: string, change: Partial<RunEvent> = {}): RunEvent => {
  const [verb = "", ...object] = text.split(" ");
  return { context, step: 0, at: 0, began: 0, now: 0, verb, object: object.join(" "), text, reads: false, changes: [], notes: [], stack: 0, place: 0, switched: null, ...change };
};

/** A thread of CPU 0 that an IPI interrupts, and a device. */
export function eventsOf(texts: readonly string[] = ["enter lock", "store word", "begin cpu 0", "exit lock", "device card"], name = "send 0"): RunEvents {
  const contexts = [{ name, cpu: 0, line: false }, { name: "cpu0 ipi", cpu: 0, line: true }, { name: "card", cpu: null, line: false }];
  const events = texts.map((text, i): RunEvent => eventOf([0, 0, 1, 0, 2][i % 5] ?? 0, text, {
    step: i + 10,
    stack: [1, 2, 3, 1, 0][i % 5] ?? 0,
    place: i % 3,
    changes: i === 1 ? [{ field: `${name} f`, before: "0", after: text }] : [],
    switched: i === 2 ? { from: 0, why: `preempted at ${text}`, preempted: true } : null,
  }));
  return {
    contexts,
    events,
    stacks: [[], ["send"], ["send", "ifq_dispatch"], ["ipi"]],
    places: [
      { model: null, seed: null },
      { model: { file: "model/net/if.ts", line: 3 }, seed: null },
      { model: { file: "model/net/if.ts", line: 5 }, seed: { document: "001", first: 303, last: 307 } },
    ],
    evidence: [1, events.length - 1],
    outcome: "failed",
    site: null,
  };
}

/** The run of a failure. */
export function runOf(events: RunEvents = eventsOf(), report = reportOf()): ShownRun {
  const { scenario, token, fingerprint, failure } = report;
  return { scenario, token, fingerprint, failure, events };
}

/** Runs in which every name is something else in some format. */
export const hostileRun = fc
  .record({ words: fc.array(fc.oneof(fc.string({ unit: "binary", maxLength: 12 }), fc.constantFrom(
    "</script><script>alert(1)</script>", "<!--", "#", ";", "%%{init}%%", "end", "a\nb", "participant x", "`", "\"", "\\", "\ud800", "__proto__", "javascript:alert(1)", "note over a: b",
  )), { minLength: 5, maxLength: 8 }), name: fc.string({ unit: "binary", maxLength: 12 }) })
  .map(({ words, name }) => runOf(eventsOf(words, name), reportOf(name, { token: `ilk1:${name}` }, { id: name, message: words[0] ?? "", facts: [[name, name]] })));
