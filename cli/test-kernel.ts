/** The kernel's engine set, for tests in which no small program can stand in for it. */
import { engine } from "./engine.ts";
import type { EngineLoader } from "./load-engine.ts";
import { runCli } from "./program.ts";
import { testIo, type Ran, type RunIn } from "./test-io.ts";

const loadKernel: EngineLoader = () => Promise.resolve({ engine, variant: null, code: "test", module: null });

/** Runs a command line in this process, on the kernel. */
export async function runOnKernel(args: readonly string[], where: RunIn = {}): Promise<Ran> {
  const { io, written } = testIo(where);
  const exit = await runCli(args, io, loadKernel);
  const { stdout, stderr } = written;
  return { exit, stdout, stderr, last: stdout.trimEnd().split("\n").at(-1) ?? "" };
}
