/** An outside for tests: what was written can be read, and signals can be sent. */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineLoader } from "./load-engine.ts";
import { runCli } from "./program.ts";
import type { Exit } from "./exit-codes.ts";
import type { Environment, Io } from "./io.ts";
import { loadTestEngine } from "./test-engine.ts";

/** What a command line came to. */
export interface Ran {
  readonly exit: Exit;
  readonly stdout: string;
  readonly stderr: string;
  /** Last line of standard output. */
  readonly last: string;
}

/** A fresh empty folder. */
export const emptyFolder = (): string => mkdtempSync(join(tmpdir(), "interlock-"));

/** Where a test runs, and what happens while it does. */
export interface RunIn {
  readonly root?: string;
  readonly cwd?: string;
  readonly env?: Environment;
  readonly colours?: boolean;
  /** Sent as soon as the run loop listens. */
  readonly signal?: "SIGINT" | "SIGTERM";
  /** Where the engine set comes from; default: the small one. */
  readonly load?: EngineLoader;
}

/** An outside, and what was written to it. */
export function testIo(where: RunIn = {}): { readonly io: Io; readonly written: { stdout: string; stderr: string } } {
  const written = { stdout: "", stderr: "" };
  const sink = (name: keyof typeof written) => ({
    write: (text: string) => {
      written[name] += text;
    },
    isTTY: false,
    rewrites: false,
    columns: 80,
    colours: where.colours ?? false,
  });
  const io: Io = {
    stdout: sink("stdout"),
    stderr: sink("stderr"),
    cwd: where.cwd ?? emptyFolder(),
    root: where.root ?? emptyFolder(),
    version: "0.0.0",
    env: where.env ?? {},
    cores: 1,
    onSignal(heard) {
      if (where.signal !== undefined) setImmediate(heard, where.signal);
      return () => undefined;
    },
  };
  return { io, written };
}

/** Runs a command line in this process, on the small engine set. */
export async function run(args: readonly string[], where: RunIn = {}): Promise<Ran> {
  const { io, written } = testIo(where);
  const exit = await runCli(args, io, where.load ?? loadTestEngine);
  const { stdout, stderr } = written;
  return { exit, stdout, stderr, last: stdout.trimEnd().split("\n").at(-1) ?? "" };
}
