import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { parsePseudo, type Constants } from "./pseudo.ts";
import { isTold, readSteps } from "./steps.ts";

interface Row {
  readonly name: string;
  readonly pseudo: string;
  readonly params: Constants;
  readonly program?: { readonly threads: unknown };
}

const rows = (JSON.parse(
  gunzipSync(readFileSync(new URL("corpora/exploration-counts.json.gz", import.meta.url))).toString("utf8"),
) as { readonly programs: readonly Row[] }).programs;

describe("the notation", () => {
  it("says what the programs of the corpus say", () => {
    const written = rows.flatMap(({ name, pseudo, params, program }) => (program === undefined ? [] : [{ name, pseudo, params, program }]));
    expect(written.length).toBeGreaterThan(300);
    for (const { name, pseudo, params, program } of written)
      expect([name, parsePseudo(pseudo, params)]).toEqual([name, program.threads]);
  });

  it("has families of threads that know their number", () => {
    expect(parsePseudo("N threads i: lock f[(i+1)%N]; x:=i", { N: 2 }))
      .toEqual([[["lock", "f[1]"], ["st", "x", 0]], [["lock", "f[0]"], ["st", "x", 1]]]);
    expect(parsePseudo("3 threads: fence")).toEqual([[["fence"]], [["fence"]], [["fence"]]]);
  });

  it.each([
    ["x:=1; sem_wait s", '"s"'],
    ["x:=", "the end"],
    ["if a {x:=1", "the end"],
    ["x:=1 y:=2", '"y"'],
    ["x ~ 1", '"~ 1"'],
    ["N threads: fence", "threads"],
    ["r[0]<-x", '"x"'],
  ])("is refused where it is something else: %s", (text, why) => {
    expect(() => parsePseudo(text)).toThrow(why);
  });

  it("may tell steps only", () => {
    expect(isTold("x:=1 | y:=2")).toBe(false);
    expect(isTold("T0: spawn T1; end | T1: start, 4x yield")).toBe(true);
    const { threads } = readSteps("main: spawn T1(empty), end");
    expect(threads).toEqual([[["spawn", 1], ["yield"]], []]);
    expect(() => readSteps("main: spawn T1")).toThrow('thread "T1"');
    expect(() => readSteps("main: lock m")).toThrow('step "lock m"');
  });
});
