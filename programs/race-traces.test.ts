import { describe, expect, it } from "vitest";
import { raceIn, type TraceEvent } from "./race-traces.ts";

/** `thread op obj extra`, one event a line; `t` and `u` are there from the start. */
const trace = (...lines: readonly string[]): ReturnType<typeof raceIn> =>
  raceIn(["main spawn t", "main spawn u", ...lines].map((line): TraceEvent => {
    const [thread = "", op = "", obj = "", extra = null] = line.split(" ");
    return { thread, op, obj, extra };
  }));

describe("a trace", () => {
  it("names an op, an order or a range that is not understood", () => {
    expect(trace("t fly x")).toEqual({ unsupported: 'event 2: there is no op "fly"' });
    expect(trace("t constructor x")).toEqual({ unsupported: 'event 2: there is no op "constructor"' });
    expect(trace("t aload x sideways")).toEqual({ unsupported: 'event 2: "sideways" is no order' });
    expect(trace("t read x 4")).toEqual({ unsupported: 'event 2: "4" is no offset:size' });
    expect(trace("t read x 4:0")).toEqual({ unsupported: 'event 2: "4:0" is no offset:size' });
  });

  it("orders through the mutex of a wait, told when it begins or when it returns", () => {
    const began = ["t lock m", "t wait c", "u lock m", "u write x", "u csignal c", "u unlock m", "t read x", "t unlock m"];
    const returned = ["t lock m", "u lock m", "u write x", "u csignal c", "u unlock m", "t wait c", "t read x", "t unlock m"];

    expect(trace(...began)).toEqual({ at: null });
    expect(trace(...returned)).toEqual({ at: null });
    expect(trace(...began.filter((line) => !line.startsWith("u lock") && !line.startsWith("u unlock")))).toEqual({ at: 6 });
  });

  it("has no edge from a signal alone", () => {
    expect(trace("u write x", "u csignal c", "t lock m", "t wait c m", "t read x")).toEqual({ at: 6 });
  });

  it("publishes a mutex taken twice when it is given up for the last time, and none that is not held", () => {
    expect(trace("t lock m", "t lock m", "t unlock m", "t write x", "t unlock m", "u lock m", "u write x")).toEqual({ at: null });
    expect(trace("t write x", "t unlock m", "u lock m", "u write x")).toEqual({ at: 5 });
  });

  it("races where a barrier is freed while somebody is on his way out of it", () => {
    expect(trace("t barrier b", "main barrier b", "main free b")).toEqual({ at: 4 });
    expect(trace("t barrier b", "main barrier b", "main join t", "main free b")).toEqual({ at: null });
  });
});
