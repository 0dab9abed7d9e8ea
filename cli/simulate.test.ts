import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COST_TABLE } from "../model/index.ts";
import { STOCK, type Simulated } from "../scenarios/index.ts";
import { engine, makeEngine } from "./engine.ts";
import { runCli } from "./program.ts";
import { run, testIo } from "./test-io.ts";
import { runOnKernel } from "./test-kernel.ts";

const FORWARDING = ["simulate", "forwarding-1g", "--packets", "60"] as const;
const folder = (): string => mkdtempSync(join(tmpdir(), "interlock-"));
const rowsOf = (csv: string): readonly (readonly string[])[] => csv.trimEnd().split("\n").map((line) => line.split(","));

describe("simulate", () => {
  it("says what runs and everything it measured", async () => {
    const { stdout, stderr, exit } = await runOnKernel(FORWARDING);

    expect(stdout).toMatch(/^forwarding-1g: every CPU/);
    expect(stdout).toContain("60 packets of 60 bytes, 1488095 a second, from receive rings; seed 1");
    expect(stdout).toContain("60 offered, 60 sent, 0 queued, 0 dropped (0 missed, 0 refused, 0 lost)");
    for (const row of ["throughput", "CPU time", "a packet", "serializers", "hand-over to card", "hand-over to wire", "arrival to wire"])
      expect(stdout).toMatch(new RegExp(`^${row} `, "m"));
    expect(stderr).toBe("");
    expect(exit).toBe(0);
  });

  it("prints the same bytes for the same arguments", async () => {
    const args = ["simulate", "udp-flood", "--packets", "80", "--jitter", "900", "--seed", "3"];
    const first = await runOnKernel([...args, "--json"]);

    expect(await runOnKernel([...args, "--json"])).toEqual(first);
    expect((await runOnKernel([...args.slice(0, -1), "4", "--json"])).stdout).not.toBe(first.stdout);
  });

  it("prints no escapes where no colours are wanted, and some where they are", async () => {
    expect((await runOnKernel(FORWARDING)).stdout).not.toContain("\u001b");
    expect((await runOnKernel(FORWARDING, { colours: true })).stdout).toContain("\u001b[1m");
  });

  it("sets what its options name", async () => {
    const { stdout } = await runOnKernel([...FORWARDING, "--rate", "1000000", "--size", "100", "--cpus", "1", "--link", "100", "--cost", "atomic=1", "--cost", "load=0", "--set", "subqs=1"]);

    expect(stdout).toContain("1 CPU, 1 subqueue, stageCntmax 4, ring 512, queue 511, 100 Mb/s");
    expect(stdout).toContain("60 packets of 142 bytes, 1000000 a second");
    expect(stdout).toContain("set rate=1000000, packets=60, size=100, link=100, ncpus=1, atomic=1, load=0, subqs=1");
  });

  it("runs scenarios of the catalogue: the smallest record, or a drawn one", async () => {
    const smallest = await runOnKernel(["simulate", "ring-full"]);
    const drawn = await runOnKernel(["simulate", "ring-full", "--seed", "7", "--faults"]);

    expect(smallest.stdout).toContain("3 offered, 3 sent");
    expect(drawn.stdout).not.toBe(smallest.stdout);
    expect([smallest.exit, drawn.exit]).toEqual([0, 0]);
  });

  it("shows what nothing was sent for as a dash", async () => {
    const { stdout, exit } = await runOnKernel(["simulate", "ipi-ring-overflow"]);

    expect(stdout).toContain("0 offered, 0 sent");
    expect(stdout).toMatch(/^hand-over to wire +- +-/m);
    expect(exit).toBe(0);
  });
});

describe("simulate --sweep", () => {
  it("is a table with a row for each value, and a chart", async () => {
    const { stdout } = await runOnKernel([...FORWARDING, "--sweep", "stageCntmax=0,4"]);
    const lines = stdout.split("\n");

    expect(lines.filter((line) => /^ +[04] +\d+\.\d{3} /.test(line)).length).toBe(2);
    expect(stdout).toMatch(/^ +4 .* \d+\.\d %$/m);
    expect(stdout).toMatch(/^cpu_ns\n +▲$/m);
    expect(stdout).toMatch(/^ +stageCntmax$/m);
  });

  it("is a grid when given twice: a chart for each value of the second", async () => {
    const { stdout } = await runOnKernel([...FORWARDING, "--sweep", "stageCntmax=0,4", "--sweep", "registerWrite=50,400", "--plot", "doorbells"]);

    expect(stdout.match(/^doorbells, registerWrite \d+$/gm)).toEqual(["doorbells, registerWrite 50", "doorbells, registerWrite 400"]);
    expect(stdout.match(/^ +[04] +(50|400) /gm)?.map((row) => row.trim().replace(/ +/, " "))).toEqual(["0 50", "4 50", "0 400", "4 400"]);
  });

  it("has no chart of a single value, nor when none is asked for", async () => {
    expect((await runOnKernel([...FORWARDING, "--sweep", "qmax=100"])).stdout).not.toContain("▲");
    expect((await runOnKernel([...FORWARDING, "--sweep", "qmax=100,200", "--plot", "none"])).stdout).not.toContain("▲");
  });

  it("costs in doorbells what it saves in CPU time, in the CSV too", async () => {
    const { stdout } = await runOnKernel([...FORWARDING, "--sweep", "stageCntmax=0,4", "--csv"]);
    const [head = [], none = [], four = []] = rowsOf(stdout);
    const cell = (row: readonly string[], column: string): number => Number(row[head.indexOf(column)]);

    expect(head[0]).toBe("stageCntmax");
    expect([cell(none, "doorbells"), cell(none, "sent"), cell(none, "stageCntmax")]).toEqual([1, 60, 0]);
    expect(cell(four, "doorbells")).toBeLessThan(0.4);
    expect(cell(four, "cpu_ns")).toBeLessThan(cell(none, "cpu_ns"));
    expect(new Set(rowsOf(stdout).map((row) => row.length)).size).toBe(1);
  });

  it("gives every subqueue an owner", async () => {
    const { exit, stdout } = await runOnKernel([...FORWARDING, "--cpus", "4", "--sweep", "subqs=1,4,8", "--csv"]);

    expect(rowsOf(stdout).length).toBe(4);
    expect(exit).toBe(0);
  });
});

describe("simulate --out", () => {
  it("writes what --csv and --json print", async () => {
    const cwd = folder();
    const args = [...FORWARDING, "--sweep", "stageCntmax=0,4"];
    const { last } = await runOnKernel([...args, "--out", "made/here"], { cwd });
    const files = ["simulate.csv", "simulate.json"];

    expect(readdirSync(join(cwd, "made/here")).sort()).toEqual(files);
    expect(last).toBe(`written to ${files.map((file) => join(cwd, "made/here", file)).join(" and ")}`);
    expect(readFileSync(join(cwd, "made/here/simulate.csv"), "utf8")).toBe((await runOnKernel([...args, "--csv"])).stdout);
    const json = (await runOnKernel([...args, "--json"])).stdout;
    expect(readFileSync(join(cwd, "made/here/simulate.json"), "utf8")).toBe(json);
    expect(JSON.parse(json)).toMatchObject({ schema: 1, scenario: "forwarding-1g", variant: null, points: [{}, {}] });
  });

  it("says where it wrote on standard error when standard output is data", async () => {
    const { stdout, stderr } = await runOnKernel([...FORWARDING, "--csv", "--out", "x"], { cwd: folder() });

    expect(rowsOf(stdout).length).toBe(2);
    expect(stderr).toMatch(/^written to .*simulate\.csv and .*simulate\.json\n$/);
  });

  it("is refused before anything runs when it cannot be written", async () => {
    const cwd = folder();
    writeFileSync(join(cwd, "file"), "");
    const { stderr, stdout, exit } = await runOnKernel([...FORWARDING, "--out", "file"], { cwd });

    expect(stderr).toMatch(/^interlock: cannot write to '.*file': /);
    expect([stdout, exit]).toEqual(["", 2]);
  });
});

describe("simulate --list-costs", () => {
  it("prints every line of the table", async () => {
    const { stdout, exit } = await runOnKernel(["simulate", "--list-costs"]);

    for (const { name, ns } of COST_TABLE) expect(stdout).toMatch(new RegExp(`^${name} +${String(ns)} `, "m"));
    expect(exit).toBe(0);
  });
});

describe("simulate --driver", () => {
  const withDriver = async (args: readonly string[]) => {
    const { io, written } = testIo();
    const drivers = STOCK.drivers.map((driver) => ({ ...driver, name: "mine" }));
    const exit = await runCli(args, io, () => Promise.resolve({ engine: makeEngine({ drivers }), variant: null, code: "test", module: null }));
    return { exit, ...written };
  };

  it("runs a driver of the project, on a card that costs as much", async () => {
    const mine = await withDriver([...FORWARDING, "--driver", "mine"]);

    expect(mine.stdout.split("\n")[1]).toMatch(/, 1000 Mb\/s, driver mine$/);
    expect(mine.stdout.replace(", driver mine", "")).toBe((await runOnKernel(FORWARDING)).stdout);
    expect(mine.exit).toBe(0);
  });

  it("runs scenarios of the catalogue on it", async () => {
    expect(await withDriver(["simulate", "ring-full", "--driver", "mine"])).toMatchObject({ exit: 0, stderr: "" });
  });

  it("is refused for a driver nobody has", async () => {
    expect(await withDriver([...FORWARDING, "--driver", "mne"])).toEqual(
      { exit: 2, stdout: "", stderr: "interlock: unknown driver 'mne'; did you mean mine?\n" });
  });
});

describe("a simulation that does not come to its end", () => {
  const ending = (came: Simulated) => async (args: readonly string[]) => {
    const { io, written } = testIo();
    const exit = await runCli(args, io, () => Promise.resolve({
      engine: { ...engine, timed: { ...engine.timed, simulate: () => came } },
      variant: null,
      code: "test",
      module: null,
    }));
    return { exit, stderr: written.stderr };
  };

  it("is named with its failure, exit 1", async () => {
    const failed = ending({ failure: { kind: "Panic", id: "boom", message: "it broke", facts: [] } });

    expect(await failed([...FORWARDING, "--sweep", "qmax=3,4"])).toEqual(
      { exit: 1, stderr: "interlock: forwarding-1g qmax=3: Panic boom: it broke\n" });
  });

  it("is named with its bound, exit 7", async () => {
    expect(await ending({ bound: "steps" })(FORWARDING)).toEqual(
      { exit: 7, stderr: "interlock: forwarding-1g: the bound on steps was reached\n" });
  });
});

describe("what simulate refuses", () => {
  it.each<readonly [readonly string[], string | RegExp]>([
    [["simulate"], "simulate what? name a scenario, such as forwarding-1g, or ask for --list-costs"],
    [["simulate", "forwardin-1g"], "unknown scenario 'forwardin-1g'; did you mean forwarding-1g?"],
    [["simulate", "ring-ful"], "unknown scenario 'ring-ful'; did you mean ring-full?"],
    [[...FORWARDING, "--cost", "registerWrit=5"], "unknown cost 'registerWrit'; did you mean registerWrite?"],
    [[...FORWARDING, "--cost", "registerWrite"], "--cost must be NAME=NS, not 'registerWrite'"],
    [[...FORWARDING, "--cost", "registerWrite="], "--cost must be NAME=NS, not 'registerWrite='"],
    [[...FORWARDING, "--cost", "load=-1"], "--cost load must be an integer of ns from 0 to 1000000000, not '-1'"],
    [[...FORWARDING, "--cost", "load=1.5"], "--cost load must be an integer of ns from 0 to 1000000000, not '1.5'"],
    [[...FORWARDING, "--cost", "load=1", "--cost", "load=2"], "--cost load is given twice"],
    [[...FORWARDING, "--set", "qmx=5"], "unknown name to set 'qmx'; did you mean qmax?"],
    [[...FORWARDING, "--set", "qmax"], "--set must be NAME=VALUE, not 'qmax'"],
    [[...FORWARDING, "--set", "qmax=1,2"], "--set qmax must be an integer from 0 to 1000000000, not '1,2'"],
    [[...FORWARDING, "--set", "qmax=1", "--set", "qmax=2"], "--set qmax is given twice"],
    [[...FORWARDING, "--set", "packets=1"], "packets is set twice, by two options"],
    [[...FORWARDING, "--sweep", "stageCntma=1"], "unknown name to sweep 'stageCntma'; did you mean stageCntmax?"],
    [[...FORWARDING, "--sweep", "stageCntmax"], "--sweep must be NAME=VALUE,VALUE,..., not 'stageCntmax'"],
    [[...FORWARDING, "--sweep", "stageCntmax=1,,2"], "--sweep stageCntmax must be an integer from 0 to 1000000000, not ''"],
    [[...FORWARDING, "--sweep", "stageCntmax=1,2,1"], "--sweep stageCntmax names a value twice"],
    [[...FORWARDING, "--sweep", "qmax=1", "--sweep", "qmax=2"], "--sweep qmax is given twice"],
    [[...FORWARDING, "--sweep", "qmax=1", "--sweep", "mtu=1500", "--sweep", "hz=1"], "--sweep can be given twice at most: a table has two dimensions"],
    [[...FORWARDING, "--sweep", `qmax=${Array.from({ length: 33 }, (_, i) => i).join(",")}`], "--sweep qmax has 33 values; at most 32"],
    [[...FORWARDING, "--sweep", "packets=10,20"], "packets is swept and set; do one of them"],
    [[...FORWARDING, "--sweep", "load=1", "--cost", "load=2"], "load is swept and set; do one of them"],
    [[...FORWARDING, "--sweep", "rate=0"], "--sweep rate must be an integer of packets a second from 1 to 100000000, not '0'"],
    [[...FORWARDING, "--sweep", "subqs=3"], "the configuration record is not valid: topology.subqs: must be a power of two"],
    [[...FORWARDING, "--sweep", "ncpus=9"], /^the configuration record is not valid: topology\.ncpus: /],
    [[...FORWARDING, "--plot", "cpu_n"], "unknown metric to plot 'cpu_n'; did you mean cpu_ns?"],
    [[...FORWARDING, "--csv", "--json"], "--csv and --json: one of them; --out writes both"],
    [[...FORWARDING, "--seed", "x"], "--seed must be 1 to 15 digits, not 'x'"],
    [[...FORWARDING, "--cpus", "9"], "--cpus must be an integer from 1 to 8, not '9'"],
    [["simulate", "forwarding-1g", "--packets", "0"], "--packets must be an integer of packets from 1 to 200000, not '0'"],
    [["simulate", "forwarding-1g", "--packets", "200001"], "--packets must be an integer of packets from 1 to 200000, not '200001'"],
    [[...FORWARDING, "--rate", "1e6"], "--rate must be an integer of packets a second from 1 to 100000000, not '1e6'"],
    [[...FORWARDING, "--size", "1473"], "--size must be an integer of bytes of UDP data from 0 to 1472, not '1473'"],
    [[...FORWARDING, "--jitter", ""], "--jitter must be an integer of ns from 0 to 1000000000, not ''"],
    [[...FORWARDING, "--link", "fast"], "--link must be an integer of Mb/s from 1 to 100000, not 'fast'"],
    [["simulate", "ring-full", "--rate", "5"], "ring-full has packets of its own: rate is for scenarios with a load"],
    [[...FORWARDING, "--swep", "qmax=1"], "unknown option '--swep' (Did you mean --sweep?)"],
  ])("%j", async (args, message) => {
    const { stdout, stderr, exit } = await runOnKernel(args);

    if (typeof message === "string") expect(stderr).toBe(`interlock: ${message}\n`);
    else expect(stderr.replace("interlock: ", "")).toMatch(message);
    expect(stderr.trimEnd().split("\n").length).toBe(1);
    expect([stdout, exit]).toEqual(["", 2]);
  });

  it("an engine set without timed mode knows none of its scenarios", async () => {
    const { stderr, exit } = await run(["simulate", "forwarding-1g"]);

    expect(stderr).toMatch(/^interlock: unknown scenario 'forwarding-1g'; /);
    expect(exit).toBe(2);
  });
});
