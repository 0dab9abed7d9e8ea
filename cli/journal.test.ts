import { appendFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findJournals, startJournal, thisProcess } from "./journal-folder.ts";
import { readJournal } from "./journal-reader.ts";
import { Journal, lineOf, type FailureEntry, type JournalHeader } from "./journal.ts";
import { emptyFolder } from "./test-io.ts";

/** No process has this number. */
const NOBODY = 999_999_999;

const header = (change: Partial<JournalHeader> = {}): JournalHeader => ({
  journal: 1,
  version: "0.0.0",
  command: "npx interlock check --seed 7",
  seed: 7,
  plan: [{ scenario: "lost-update", strategy: "random", parameters: {}, firstSeed: 7, runs: 1000 }],
  property: null,
  variant: null,
  code: "test",
  shard: null,
  process: { ...thisProcess(), pid: NOBODY },
  started: "2026-01-01T00:00:00.000Z",
  ...change,
});

const failure = (run: number): FailureEntry => ({
  run,
  fingerprint: String(run).padStart(16, "0"),
  property: "no-lost-update",
  kind: "Violation",
  message: "Every thread's increment is counted.",
  scenario: "lost-update",
  token: "ilk1:AAAA",
});

/** A journal on a clock that stands until it is set. */
function journalAt(folder = emptyFolder()): { readonly journal: Journal; readonly path: string; set(ms: number): void } {
  const path = join(folder, "journal.jsonl");
  let now = 0;
  writeFileSync(path, lineOf(header()));
  const journal = new Journal(path, lineOf(header()), (why) => expect.unreachable(why), () => now);
  return { journal, path, set: (ms) => void (now = ms) };
}

const worker = (from: number, to: number, stride = 1) => ({ worker: 0, from, to, stride });

describe("a journal", () => {
  it.each([1, 7, 20, 24, 26, 40, 50])("never lets 100 ms pass without a line when it is told every %i ms", (every) => {
    const { journal, path, set } = journalAt();

    for (let ms = 0; ms <= 2000; ms += every) {
      set(ms);
      journal.progress(ms, [worker(ms, 5000)]);
    }

    const times = readJournal(path).timeline.map(({ at }) => at);
    const gaps = times.slice(1).map((at, i) => at - times[i]!);
    expect(Math.max(...gaps)).toBeLessThan(100);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(25);
  });

  it("is written at once when a worker is given runs, so that whatever is run stands in it", () => {
    const { journal, path, set } = journalAt();

    journal.progress(0, [worker(0, 32)]);
    set(1);
    journal.progress(31, [worker(31, 32)]);
    journal.progress(32, [worker(32, 64)]);

    expect(readJournal(path).timeline.map(({ workers }) => workers[0])).toEqual([[0, 0, 32], [0, 32, 64]]);
  });

  it("keeps header and failures when it is written anew", () => {
    const { journal, path, set } = journalAt();
    journal.failure(failure(3));

    for (let i = 0; i < 40_000; i++) {
      set(30 * i);
      journal.progress(i, [worker(i, 50_000)]);
    }

    const { failures, timeline, progress, strange } = readJournal(path);
    expect(readFileSync(path).length).toBeLessThan(1.2 * 1024 * 1024);
    expect(timeline.length).toBeLessThan(39_999);
    expect([failures, progress?.done, strange]).toEqual([[failure(3)], 39_999, 0]);
    expect(readdirSync(join(path, ".."))).toEqual(["journal.jsonl"]);
  });

  it("is read without its torn last line, wherever it is torn", () => {
    const { journal, path } = journalAt();
    journal.failure(failure(3));
    journal.progress(4, [worker(4, 32)]);
    const whole = readFileSync(path);
    const torn = join(emptyFolder(), "journal.jsonl");
    const start = lineOf(header()).length;

    for (let length = start; length < whole.length; length++) {
      writeFileSync(torn, whole.subarray(0, length));
      const { failures, strange } = readJournal(torn);
      expect([failures.length <= 1, strange]).toEqual([true, 0]);
    }
  });

  it("counts lines that say nothing a journal says, and keeps what is said besides", () => {
    const { journal, path } = journalAt();
    appendFileSync(path, '{"failure":{"run":-1}}\n[]\nnonsense\n\u0000\u0000\n');
    journal.failure(failure(3));

    const { failures, strange } = readJournal(path);

    expect([failures.length, strange]).toEqual([1, 4]);
  });
});

describe("journals of a folder", () => {
  it("are started under names of their own, and one that ended is replaced", () => {
    const folder = emptyFolder();
    const start = () => startJournal(folder, header(), () => undefined)!;
    const [one, two] = [start(), start()];

    one.end("complete");
    const three = start();

    expect([one, two, three].map(({ path }) => path.slice(folder.length + 1)))
      .toEqual(["journal.jsonl", "journal-2.jsonl", "journal.jsonl"]);
  });

  it("of a process that is gone are taken, once", async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, "journal.jsonl"), lineOf(header()) + lineOf({ failure: failure(3) }));

    const found = await findJournals(folder);
    const [only] = found.killed;

    expect(only?.content.failures).toEqual([failure(3)]);
    expect(readdirSync(folder)).toEqual([`journal.taken-${String(process.pid)}.jsonl`]);
  });

  it("of a process that runs are left alone", async () => {
    const folder = emptyFolder();
    const parent = { ...thisProcess(), pid: process.ppid, born: null };
    writeFileSync(join(folder, "journal.jsonl"), lineOf(header({ process: parent })));

    const found = await findJournals(folder);

    expect([found.running.length, found.killed.length]).toEqual([1, 0]);
    expect(readdirSync(folder)).toEqual(["journal.jsonl"]);
  });

  it.runIf(process.platform === "linux")("of a number that is used again are of a process that is gone", async () => {
    const folder = emptyFolder();
    const before = { ...thisProcess(), pid: process.ppid, born: "1" };
    writeFileSync(join(folder, "journal.jsonl"), lineOf(header({ process: before })));

    expect((await findJournals(folder)).killed).toHaveLength(1);
  });

  it.each([
    ["nothing", ""],
    ["no JSON", "hello\n"],
    ["another format", lineOf({ ...header(), journal: 2 })],
    ["a strategy that is none", lineOf(header({ plan: [{ scenario: "x", strategy: "../../x", parameters: {}, firstSeed: 1, runs: 1 }] }))],
    ["no end of numbers", '{"journal":1,"seed":1e999}\n'],
    ["binary", "\u0000".repeat(4096)],
  ])("that hold %s are set aside, not removed", async (_what, content) => {
    const folder = emptyFolder();
    writeFileSync(join(folder, "journal.jsonl"), content);

    const found = await findJournals(folder);

    expect(found.damaged).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(["journal.jsonl.aside-1"]);
    expect(readFileSync(join(folder, "journal.jsonl.aside-1"), "utf8")).toBe(content);
  });

  it("that are folders, or not there, are no trouble", async () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, "journal.jsonl"));

    expect((await findJournals(folder)).damaged).toHaveLength(1);
    expect(await findJournals(join(folder, "nowhere"))).toEqual({ killed: [], running: [], damaged: [] });
  });
});
