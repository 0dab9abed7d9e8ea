import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventQueue, type TimedEvent } from "./event-queue.ts";

type Command =
  | { readonly kind: "schedule"; readonly after: number }
  | { readonly kind: "take" }
  | { readonly kind: "cancel"; readonly which: number };

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("schedule" as const), after: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("take" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("cancel" as const), which: fc.nat(30) }) },
);

/** The same by a sorted list. */
class Reference {
  readonly pending: { time: number; id: number }[] = [];
  now = 0;

  take(): number | null {
    this.pending.sort((a, b) => a.time - b.time || a.id - b.id);
    const first = this.pending.shift();
    if (first === undefined) return null;
    this.now = first.time;
    return first.id;
  }

  cancel(id: number): boolean {
    const at = this.pending.findIndex((event) => event.id === id);
    if (at >= 0) this.pending.splice(at, 1);
    return at >= 0;
  }
}

function obey(commands: readonly Command[]): EventQueue<number> {
  const queue = new EventQueue<number>();
  const reference = new Reference();
  const events: TimedEvent<number>[] = [];
  for (const step of commands) {
    if (step.kind === "schedule") {
      const id = events.length;
      const time = queue.now + step.after;
      events.push(queue.schedule(time, id));
      reference.pending.push({ time, id });
    } else if (step.kind === "take") {
      expect(queue.take()).toBe(reference.take());
      expect(queue.now).toBe(reference.now);
    } else {
      const event = events[step.which];
      if (event !== undefined) expect(queue.cancel(event)).toBe(reference.cancel(step.which));
    }
    const { scheduled, executed, cancelled, pending } = queue.balance;
    expect(scheduled).toBe(executed + cancelled + pending);
    expect(pending).toBe(reference.pending.length);
  }
  return queue;
}

describe("the event queue", () => {
  it("takes events by time and then in scheduling order, whatever is cancelled", () => {
    fc.assert(fc.property(fc.array(command, { maxLength: 120 }), (commands) => void obey(commands)));
  });

  it("never goes back in time", () => {
    fc.assert(fc.property(fc.array(fc.nat(1000)), (times) => {
      const queue = new EventQueue<number>();
      for (const time of times) queue.schedule(time, time);
      const taken = times.map(() => queue.take());
      expect(taken).toEqual(times.toSorted((a, b) => a - b));
      expect(queue.take()).toBeNull();
    }));
  });

  it("refuses the past and fractions", () => {
    const queue = new EventQueue<string>();
    queue.schedule(10, "a");
    queue.take();

    expect(() => queue.schedule(9, "b")).toThrow("event-in-the-past");
    expect(() => queue.schedule(10.5, "b")).toThrow("event-in-the-past");
    expect(() => queue.schedule(Number.NaN, "b")).toThrow("event-in-the-past");
  });

  it("says when the next event comes", () => {
    const queue = new EventQueue<string>();
    expect(queue.nextTime).toBe(Number.POSITIVE_INFINITY);

    const first = queue.schedule(5, "a");
    queue.schedule(7, "b");
    queue.cancel(first);

    expect(queue.nextTime).toBe(7);
    expect(queue.cancel(first)).toBe(false);
  });
});
