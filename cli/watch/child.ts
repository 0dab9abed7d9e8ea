/** A command in a process of its own: it is built from the sources as they are, and what it loads is gone with it. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { EngineFault } from "../errors.ts";
import { Exit, exitOfSignal } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { relayedTo } from "../progress.ts";

/** One that runs. */
export interface Child {
  /** Its exit code, when everything it printed was heard. */
  readonly ended: Promise<Exit>;
  readonly signal: (name: "SIGINT" | "SIGTERM") => void;
}

/** Starts one; `hear` gets every line of both streams. */
export type Start = (io: Io, args: readonly string[], hear: (line: string, from: "stdout" | "stderr") => void) => Child;

const CODES = new Set<number>(Object.values(Exit));

/** The command of this installation. */
export const startCommand: Start = ({ root, cwd, env, stderr }, args, hear) => {
  const child = spawn(process.execPath, [join(root, "bin/interlock.mjs"), ...args], {
    cwd,
    // Lines are read here: no colours, and nobody else is told on GitHub.
    env: { ...env, ...relayedTo(stderr), NO_COLOR: "1", GITHUB_ACTIONS: undefined },
    stdio: ["ignore", "pipe", "pipe"],
    // A terminal sends Ctrl-C to everybody in front; the child gets it from here, once.
    detached: process.platform !== "win32",
  });
  for (const from of ["stdout", "stderr"] as const) {
    let rest = "";
    child[from].setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) hear(line, from);
    }).on("end", () => {
      if (rest !== "") hear(rest, from);
    });
  }
  const ended = new Promise<Exit>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      // It had not begun to listen.
      if (signal === "SIGINT" || signal === "SIGTERM") resolve(exitOfSignal(signal));
      else if (code !== null && CODES.has(code)) resolve(code as Exit);
      else reject(new EngineFault(`a check ended with ${String(code ?? signal)}`));
    });
  });
  return { ended, signal: (name) => void child.kill(name) };
};
