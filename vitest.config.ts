import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { NOT_RUN, SETUP, UNTOUCHED } from "./scripts/coverage/settings.mjs";
import { SlowFirst } from "./scripts/slow-first.mjs";

const FOLDERS = "{golden,sim,model,scenarios,properties,programs,protocol,reports,cli,bench,scripts}";

/** What the examples import, as an outside author does: the sources behind the exports of the package. */
const INTERLOCK = ["sim", "model", "scenarios", "properties"].map((name) => ({
  find: `interlock/${name}`,
  replacement: join(import.meta.dirname, name, "index.ts"),
}));

// `--mode long` (npm run test:long) selects the long tests instead of the short ones, `--mode page` (npm run test:page) those in a browser, `--mode coverage`
// (npm run coverage) is for V8 to count what the sources run, which is why nobody may transform those.
export default defineConfig(({ mode }) => {
  const long = mode === "long" || mode === "page";
  const kind = long ? mode : "test";
  const results = process.env["INTERLOCK_TEST_RESULTS"];
  return {
    resolve: { alias: INTERLOCK },
    test: {
      include: [`${FOLDERS}/**/*.${kind}.ts`],
      globalSetup: ["scripts/test-seed.mjs"],
      setupFiles: ["scripts/random-tests.mjs"],
      // Processes, not worker threads: the tests measure heaps, send signals and spawn the CLI.
      pool: "forks",
      // One process runs one file after the other, with the modules (and machine code) of those before: nothing in the sources
      // keeps state in a module, and a new process for each file costs a third of the time of all tests.
      isolate: false,
      // Usually one core is left to the runner, which has little to do.
      maxWorkers: "100%",
      // What counts frames has the machine to itself.
      fileParallelism: mode !== "page",
      // For what hangs, and nothing else: a busy machine takes several times as long as an idle one.
      testTimeout: long ? 3_600_000 : 300_000,
      hookTimeout: 300_000,
      restoreMocks: true,
      sequence: { sequencer: SlowFirst },
      // CI reads the counts from a file; people read the terminal.
      reporters: results === undefined ? ["default"] : ["default", "json"],
      ...(results !== undefined && { outputFile: { json: results } }),
      // Bundles are what the command imports too: Node loads them as they are.
      server: { deps: { external: [/\/build\/(?:engines\/)?[0-9a-f]{32}\//, ...(mode === "coverage" ? [UNTOUCHED] : [])] } },
      ...(mode === "coverage" && {
        exclude: ["**/node_modules/**", ...NOT_RUN],
        setupFiles: [SETUP, "scripts/random-tests.mjs"],
      }),
    },
  };
});
