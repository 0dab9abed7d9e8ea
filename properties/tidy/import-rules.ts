// Who may import whom, as data: one edge, one reason. What is not listed is forbidden.

/**
 * `from` and `to` are areas (a folder, or a file of one); `to` may also be a package, `npm:NAME`,
 * or Node's own modules, `node:`. A file belongs to the longest area that contains it, and needs no
 * edge to its own area. Tests are held to one rule only: below cli, no import from cli.
 */
export interface ImportRule {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/** Every area that has rules of its own. A folder with sources that is not here fails the test. */
export const AREAS = [
  "sim",
  "sim/rng.ts",
  "model",
  "model/shortage.ts",
  "model/sys",
  "model/kern",
  "model/net",
  "model/net/driver.ts",
  "model/hw",
  "model/dev",
  "model/bsd",
  "model/xnu",
  "scenarios",
  "properties",
  "properties/tidy",
  "properties/vectors",
  "programs",
  "programs/test-corpora.ts",
  "protocol",
  "golden",
  "reports",
  "reports/page",
  "reports/page/view",
  "reports/page/test-long-run.ts",
  "reports/test-ending.ts",
  "reports/test-events.ts",
  "cli",
  "bench",
  "scripts",
  "docs",
  "scripts/coverage",
  "bin",
] as const;

export const IMPORT_RULES: readonly ImportRule[] = [
  { from: "sim", to: "sim/rng.ts", reason: "all randomness comes through one seam" },
  {
    from: "sim/rng.ts",
    to: "npm:seedrandom",
    reason: "the one package below cli: the generator behind the choice stream",
  },

  { from: "model", to: "model/shortage.ts", reason: "a kernel has one" },
  { from: "model/xnu", to: "model/shortage.ts", reason: "which allocations fail is asked alike in both systems" },
  { from: "model/shortage.ts", to: "sim", reason: "an allocation may fail by a choice" },
  { from: "model", to: "sim", reason: "the kernel runs on the simulated machine" },
  {
    from: "model",
    to: "model/sys",
    reason: "the files at the root of the model tie the kernel together",
  },
  {
    from: "model",
    to: "model/kern",
    reason: "the files at the root of the model tie the kernel together",
  },
  {
    from: "model",
    to: "model/net",
    reason: "the files at the root of the model tie the kernel together",
  },
  {
    from: "model",
    to: "model/net/driver.ts",
    reason: "the files at the root of the model tie the kernel together",
  },
  {
    from: "model",
    to: "model/hw",
    reason: "the files at the root of the model tie the kernel together",
  },
  {
    from: "model",
    to: "model/dev",
    reason: "the files at the root of the model tie the kernel together",
  },
  {
    from: "model",
    to: "model/bsd",
    reason: "the files at the root of the model tie the kernel together",
  },

  { from: "model", to: "model/xnu", reason: "the public surface of the model has both systems" },
  {
    from: "model/xnu",
    to: "sim",
    reason: "the other system: primitives and driver of its own, nothing of DragonFly's",
  },

  { from: "model/sys", to: "sim", reason: "declares fields and raises failures" },
  { from: "model/sys", to: "model", reason: "panics and reads the one Kernel object" },
  { from: "model/kern", to: "sim", reason: "kernel primitives are made of points" },
  { from: "model/kern", to: "model", reason: "panics and reads the one Kernel object" },
  { from: "model/kern", to: "model/sys", reason: "as in the kernel: headers" },
  { from: "model/net", to: "sim", reason: "declares fields and points of its own" },
  { from: "model/net", to: "model", reason: "panics and reads the one Kernel object" },
  { from: "model/net", to: "model/sys", reason: "as in the kernel: headers" },
  {
    from: "model/net",
    to: "model/kern",
    reason: "as in the kernel: the network stack uses kernel primitives",
  },
  {
    from: "model/net",
    to: "model/net/driver.ts",
    reason: "the interface layer calls drivers through the contract",
  },
  { from: "model/net", to: "model/hw", reason: "a device is an interface and a card behind it" },
  { from: "model/net/driver.ts", to: "sim", reason: "what a driver implements are steps" },
  {
    from: "model/net/driver.ts",
    to: "model",
    reason: "the contract names the one Kernel object",
  },
  {
    from: "model/net/driver.ts",
    to: "model/net",
    reason: "the contract names what a driver may call",
  },
  {
    from: "model/net/driver.ts",
    to: "model/kern",
    reason: "the contract names what a driver may call",
  },
  {
    from: "model/net/driver.ts",
    to: "model/sys",
    reason: "the contract names what a driver may call",
  },
  {
    from: "model/net/driver.ts",
    to: "model/hw",
    reason: "the contract names the card that a driver programs",
  },
  { from: "model/hw", to: "sim", reason: "a card has points of its own" },
  { from: "model/hw", to: "model", reason: "reads the one Kernel object and its timing" },
  { from: "model/hw", to: "model/kern", reason: "a card raises interrupts" },
  { from: "model/hw", to: "model/sys", reason: "a card takes packets" },
  { from: "model/dev", to: "sim", reason: "a driver is made of routines" },
  {
    from: "model/dev",
    to: "model/net/driver.ts",
    reason: "a driver is written against the contract and nothing else",
  },
  { from: "model/bsd", to: "sim", reason: "declares fields and points of its own" },
  { from: "model/bsd", to: "model", reason: "panics and reads the one Kernel object" },
  { from: "model/bsd", to: "model/sys", reason: "as in the kernel: headers" },
  {
    from: "model/bsd",
    to: "model/kern",
    reason: "as in the kernel: a driver uses kernel primitives",
  },
  {
    from: "model/bsd",
    to: "model/net",
    reason: "as in the kernel: a network driver implements the interface layer's contract",
  },

  { from: "scenarios", to: "sim", reason: "thread bodies are routines" },
  { from: "scenarios", to: "model", reason: "a workload boots a kernel" },

  { from: "properties", to: "sim", reason: "properties speak about recordings and failures" },
  { from: "properties", to: "model", reason: "properties speak about the kernel's objects" },
  { from: "properties", to: "scenarios", reason: "properties quantify over scenarios" },
  {
    from: "properties",
    to: "npm:fast-check",
    reason: "configuration records are drawn by fast-check",
  },
  {
    from: "properties/tidy",
    to: "npm:typescript",
    reason: "the tidy test reads the sources as the compiler does",
  },
  { from: "properties/tidy", to: "protocol", reason: "marks of the lines of the C are read in one place" },
  { from: "properties/tidy", to: "npm:tinyglobby", reason: "the tidy test reads the sources" },
  { from: "properties/tidy", to: "node:", reason: "the tidy test reads the sources" },

  {
    from: "properties/vectors",
    to: "node:",
    reason: "the conformance tests read their copies of the recordings",
  },

  { from: "programs", to: "sim", reason: "small programs run on the same engine as the kernel" },
  { from: "programs/test-corpora.ts", to: "programs", reason: "the corpora for tests" },
  { from: "programs/test-corpora.ts", to: "sim", reason: "a quarter of a corpus is drawn" },
  { from: "programs/test-corpora.ts", to: "node:", reason: "reads the copies of the corpora" },

  { from: "protocol", to: "sim", reason: "protocol coverage is read off recordings" },
  { from: "protocol", to: "model", reason: "the branches and errnos of the kernel's mechanisms are tables of the model" },
  { from: "protocol", to: "scenarios", reason: "protocol coverage listens to the kernel of a world" },

  { from: "golden", to: "sim", reason: "golden runs are strategies, tokens and logs" },
  { from: "golden", to: "scenarios", reason: "golden runs are of the catalogue" },
  { from: "golden", to: "properties", reason: "golden runs have every promise armed" },

  {
    from: "reports",
    to: "sim",
    reason: "a report renders recordings and failures; kernel words arrive as data",
  },
  { from: "reports", to: "npm:cli-table3", reason: "tables" },
  { from: "reports", to: "npm:picocolors", reason: "colours" },
  { from: "reports", to: "npm:simple-ascii-chart", reason: "charts in the terminal" },
  { from: "reports", to: "npm:xmlbuilder", reason: "JUnit" },
  { from: "reports/page", to: "reports", reason: "a page shows the events that every format is made of" },
  { from: "reports/page", to: "sim", reason: "a composition root of its own: the page runs the run again" },
  { from: "reports/page", to: "model", reason: "a composition root of its own: the page runs the run again" },
  { from: "reports/page", to: "scenarios", reason: "a composition root of its own: the page runs the run again" },
  { from: "reports/page", to: "properties", reason: "a composition root of its own: the page runs the run again" },
  { from: "reports/page/test-long-run.ts", to: "reports/page", reason: "a run with very many events, for tests" },
  { from: "reports/page/test-long-run.ts", to: "reports", reason: "a run with very many events, for tests" },
  { from: "reports/page/test-long-run.ts", to: "sim", reason: "a run with very many events, for tests" },
  { from: "reports/page/test-long-run.ts", to: "scenarios", reason: "a run with very many events, for tests" },
  { from: "reports/page/test-long-run.ts", to: "properties", reason: "a run with very many events, for tests" },
  { from: "cli", to: "reports/page/test-long-run.ts", reason: "tests of pages run it in a browser" },
  { from: "reports/page/view", to: "reports", reason: "shows data" },
  { from: "reports/page/view", to: "reports/page", reason: "layout and search are plain functions, which need no browser" },
  { from: "reports/page/view", to: "npm:preact", reason: "the page is bundled with what it is made of" },
  { from: "reports/test-ending.ts", to: "reports", reason: "endings for the tests of reporters" },
  { from: "reports/test-ending.ts", to: "sim", reason: "a failure is the engine's" },
  { from: "reports/test-ending.ts", to: "npm:fast-check", reason: "draws names that nobody would choose" },

  { from: "reports/test-events.ts", to: "reports", reason: "events for the tests of formats" },
  { from: "reports/test-events.ts", to: "reports/test-ending.ts", reason: "a run that is shown failed somehow" },
  { from: "reports/test-events.ts", to: "npm:fast-check", reason: "draws names that nobody would choose" },

  { from: "cli", to: "sim", reason: "a composition root: everything meets here" },
  { from: "cli", to: "model", reason: "a composition root: everything meets here" },
  { from: "cli", to: "scenarios", reason: "a composition root: everything meets here" },
  { from: "cli", to: "properties", reason: "a composition root: everything meets here" },
  { from: "cli", to: "programs", reason: "a composition root: everything meets here" },
  { from: "cli", to: "protocol", reason: "a composition root: everything meets here" },
  { from: "cli", to: "reports", reason: "a composition root: everything meets here" },
  { from: "cli", to: "golden", reason: "golden runs are renewed, and made on other runtimes" },
  {
    from: "cli",
    to: "scripts",
    reason: "variants are built with the settings of the build itself",
  },
  {
    from: "cli",
    to: "node:",
    reason: "the only place that touches process, files and the real clock",
  },
  {
    from: "cli",
    to: "npm:*",
    reason: "libraries serve the command line; knip checks that they are declared",
  },

  { from: "bench", to: "sim", reason: "measures the engine" },
  { from: "bench", to: "model", reason: "measures the kernel's transmit path" },
  { from: "bench", to: "scenarios", reason: "measures whole runs" },
  { from: "bench", to: "programs", reason: "measures explorations of small programs" },
  { from: "bench", to: "node:", reason: "reads the real clock and the heap" },

  {
    from: "docs",
    to: "npm:interlock",
    reason: "examples are written as an outside author writes them",
  },

  { from: "scripts", to: "node:", reason: "builds" },
  { from: "scripts", to: "npm:rollup", reason: "the package's declarations, rolled up" },
  { from: "scripts", to: "npm:rollup-plugin-dts", reason: "the package's declarations, rolled up" },
  { from: "scripts", to: "npm:typescript", reason: "the package's declarations, without the docs of what nobody can import" },
  { from: "scripts", to: "npm:esbuild", reason: "builds" },
  { from: "scripts", to: "npm:fast-check", reason: "gives random tests their seed" },
  { from: "scripts", to: "npm:vitest", reason: "orders the test files" },
  { from: "scripts/coverage", to: "scripts", reason: "finds the project" },
  { from: "scripts/coverage", to: "node:", reason: "runs tests, reads and writes reports" },
  { from: "scripts/coverage", to: "npm:typescript", reason: "compiles what is counted" },
  { from: "scripts/coverage", to: "npm:tinyglobby", reason: "finds what is counted" },
  { from: "scripts/coverage", to: "npm:vitest", reason: "joins the test processes" },
  {
    from: "bin",
    to: "scripts",
    reason: "starts the command line after bringing its build up to date",
  },
  { from: "bin", to: "node:", reason: "finds the build" },
];
