/** The command as it is installed: a process with real signals, on the real model. */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Results } from "../reports/index.ts";
import { emptyFolder } from "./test-io.ts";

const BIN = join(import.meta.dirname, "../bin/interlock.mjs");

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command; `when` sees standard output as it grows and may send a signal. */
function interlock(
  args: readonly string[],
  cwd = emptyFolder(),
  when: (stdout: string, kill: (signal: NodeJS.Signals) => void) => void = () => undefined,
): Promise<Ended> {
  const child = spawn(process.execPath, [BIN, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
    when(stdout, (signal) => child.kill(signal));
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((resolve) => {
    child.on("close", (code) => {
      resolve({ code, stdout, stderr: stderr.replace(/^interlock: the build is not up to date.*\n/, "") });
    });
  });
}

describe("the installed command", () => {
  it.each([["SIGINT", 130], ["SIGTERM", 143]] as const)(
    "prints and writes what it has at %s, exit %i",
    async (signal, code) => {
      const cwd = emptyFolder();
      const args = ["check", "--seed", "1", "--scenario", "one-sender", "--runs", "5000000", "--reporter", "json"];
      let sent = false;

      const ended = await interlock(args, cwd, (stdout, kill) => {
        if (sent || !stdout.includes("plan 5000000 runs")) return;
        sent = true;
        setTimeout(() => kill(signal), 300);
      });

      const results = JSON.parse(readFileSync(join(cwd, "interlock-out/results.json"), "utf8")) as Results;
      expect(ended.code).toBe(code);
      expect(results.interrupted).toBe(signal);
      expect(ended.stdout.trimEnd().split("\n").at(-1)).toMatch(new RegExp(`^interrupted by ${signal}: `));
    },
  );

  it("runs the same check twice with the same result", async () => {
    const args = ["check", "--seed", "3", "--runs", "36", "--json"];

    const [a, b] = await Promise.all([interlock(args), interlock(args)]);

    const data = ({ stdout }: Ended): object => ({ ...(JSON.parse(stdout) as Results), timing: null });
    expect(data(a)).toEqual(data(b));
  });

  it("takes a reporter in TypeScript, with what it imports", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "word.ts"), `export const word: string = "typed";\n`);
    writeFileSync(join(cwd, "mine.ts"), `
      import { word } from "./word.ts";
      const end = ({ results }: { readonly results: { readonly seed: number } }) => ({ print: [word + " " + results.seed] });
      export default { end };
    `);

    const ended = await interlock(["check", "--seed", "3", "--runs", "4", "--scenario", "one-sender", "--reporter", "./mine.ts"], cwd);

    expect(ended.stdout).toMatch(/^typed 3$/m);
    expect(ended.code).toBe(0);
  });

  it("refuses what it does not know in one line, exit 2", async () => {
    const ended = await interlock(["check", "--scenario", "one-sendr"]);

    expect(ended).toEqual({
      code: 2,
      stdout: "",
      stderr: "interlock: unknown scenario 'one-sendr'; did you mean one-sender?\n",
    });
  });

  it("survives a reader that closes the pipe", async () => {
    const child = spawn(process.execPath, [BIN, "list"], { stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.destroy();
    let stderr = "";
    child.stderr.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });

    await new Promise((resolve) => child.on("close", resolve));

    expect(stderr).not.toMatch(/Error|at /);
  });
});
