import { afterEach, expect, it, vi } from "vitest";
import type { Environment, Sink } from "./io.ts";
import { Progress, isProgress, relayedTo } from "./progress.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** What is written of three updates, each `ms` after the one before. */
function written(rewrites: boolean, ms: number, env: Environment = {}): string {
  vi.useFakeTimers({ toFake: ["performance"] });
  let text = "";
  const write = (more: string): void => {
    text += more;
  };
  const sink: Sink = { write, isTTY: true, rewrites, columns: 80, colours: false };
  const progress = new Progress(sink, 30, env);
  for (const runs of [10, 20, 30]) {
    vi.advanceTimersByTime(ms);
    progress.update(runs, "two-senders", 0);
  }
  progress.done();
  return text;
}

it("writes one line over and over where that is possible, and takes it away", () => {
  const text = written(true, 150);
  expect(text.split("\r\u001b[2K").slice(1).map((line) => line.split("  ")[0]?.trim())).toEqual(["33 %", "66 %", "100 %", ""]);
  expect(text).not.toContain("\n");
});

it("writes a line every five seconds elsewhere, a dumb terminal among them, without escape sequences", () => {
  expect(written(false, 150)).toBe("");
  expect(written(false, 3000)).toBe(" 66 %  20 of 30 runs  two-senders\n");
});

it("writes a line as often as a terminal wants it where somebody else shows it, who knows such a line", () => {
  const terminal: Sink = { write: () => undefined, isTTY: true, rewrites: true, columns: 80, colours: false };
  const lines = written(false, 150, relayedTo(terminal)).trimEnd().split("\n");

  expect(lines).toEqual([" 33 %  10 of 30 runs  two-senders", " 66 %  20 of 30 runs  two-senders", "100 %  30 of 30 runs  two-senders"]);
  expect(lines.map(isProgress)).toEqual([true, true, true]);
  expect(written(false, 150, relayedTo({ ...terminal, rewrites: false }))).toBe("");
  expect(isProgress("interlock: worker 0 took 100 % of its time")).toBe(false);
});
