/** What `--help` teaches beside the options. */

const examples = (...lines: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...lines.map(([command]) => command.length));
  return ["Examples:", ...lines.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`)].join("\n");
};

/** Examples for each command. */
export const EXAMPLES = {
  interlock: examples(
    ["interlock check", "search all scenarios, about a minute of CPU time"],
    ["interlock list", "what can be checked, and with what"],
    ["interlock replay ilk1:...", "run a failing run again and see it"],
  ),
  check: examples(
    ["interlock check --seed 7", "the whole plan, the same every time"],
    ["interlock check --scenario 'owner-*' --runs 20000", "one corner, longer"],
    ["interlock check --strategy random --bail", "one strategy, to the first new failure"],
    ["interlock check --variant keeps-the-interlock-when-busy", "is this mutant noticed?"],
    ["interlock check --reporter json,junit --out reports", "results.json and junit.xml in reports/"],
    ["interlock check --runs 1", "little more than the regressions"],
    ["interlock check --scenario up-down --runs 20000 --until-risk 0.01", "until little new is left to see"],
    ["interlock check --long --seed 7", "as every night: twelve times the runs"],
    ["interlock check --watch", "again after each edit, what it touches"],
    ["interlock check --coverage", "which orders, branches and errnos nobody has seen"],
  ),
  init: examples(
    ["interlock init", "in this folder"],
    ["interlock init drivers/skel && cd drivers/skel && npx interlock check", "in another, and find the bug"],
  ),
  merge: examples(
    ["interlock check --seed 7 --shard 1/2 --out a", "one half of the plan, here"],
    ["interlock check --seed 7 --shard 2/2 --out b", "the other half, elsewhere"],
    ["interlock merge a b --out all --reporter json,junit", "as if it had been one check"],
  ),
  coverage: examples(
    ["interlock coverage --seed 7 --out cov", "the lines of the C that the default plan reaches"],
    ["interlock coverage --sources seeds --out cov", "cov/html/: the text of the C with its counts"],
    ["interlock coverage --scenario 'owner-*' --runs 2000", "what one corner reaches"],
    ["interlock coverage --merge a b --out both", "two shards, or two plans, as one"],
  ),
  replay: examples(
    ["interlock replay ilk1:...", "exit 1: it still fails; 0: it passes now"],
    ["interlock replay findings/NAME.json", "a known failure"],
    ["interlock replay regressions/NAME.json", "a failure that was kept"],
    ["interlock replay ilk1:... --variant fixes/NAME", "does this fix mend it?"],
    ["interlock replay ilk1:... --format trace > run.json", "open it in ui.perfetto.dev"],
  ),
  list: examples(["interlock list", "for people"], ["interlock list --json", "for machines"]),
  findings: examples(["interlock findings", "for people"], ["interlock findings --json", "for machines"]),
  conform: examples(
    ["interlock conform sequences.jsonl.gz", "send queue, staging, if_start interlock"],
    ["interlock conform control-plane.jsonl.gz", "lookups, multicast, groups, modes"],
    ["interlock conform ring-count.json", "if_ring_count2"],
  ),
  simulate: examples(
    ["interlock simulate forwarding-1g", "one run, everything that was measured"],
    ["interlock simulate forwarding-1g --sweep stageCntmax=0,1,2,4,8,16", "a table and a chart"],
    ["interlock simulate udp-flood --rate 500000 --cost registerWrite=250", "less load, slower doorbells"],
    ["interlock simulate ring-full --seed 7 --csv", "a drawn record of the catalogue, for machines"],
    ["interlock simulate --list-costs", "what everything costs, and why"],
  ),
  corpus: examples(
    ["interlock corpus counts programs/corpora/exploration-counts.json.gz", "numbers of executions of 382 programs"],
    ["interlock corpus shapes reads-from-shapes.json", "who can read from whom, in 1,880 tiny programs"],
    ["interlock corpus litmus litmus.json", "which final states are allowed"],
  ),
  explore: examples(
    ["interlock explore sleep-wakeup", "every order that could be noticed, once"],
    ["interlock explore handoff --memory pso", "with stores that wait in buffers"],
    ["interlock explore ring-full --executions 5000", "give up early, and say how much is left"],
  ),
  explain: examples(
    ["interlock explain ilk1:...", "which order it fails in, and the nearest run that passes"],
    ["interlock explain ilk1:... --budget 5000 --json", "look longer; for programs"],
  ),
  verify: examples(
    ["interlock verify-fix ilk1:...", "exit 0: fixed; 1: still fails; 6: the order it failed in was not reached"],
    ["interlock verify-fix ilk1:... --variant keeps-the-tail", "is this fix one?"],
  ),
  outcomes: examples(["interlock outcomes vectors/*.json", "which final states can be reached"]),
} as const;

/** Help of `--memory`. */
export const MEMORY_HELP = "memory model: sequential consistency, or store buffers as on x86 (tso) or for each word (pso)";

/** What `--reporter` takes. */
export const REPORTER_HELP = "json, junit, html, sarif, ctrf, trace, mermaid, github, tap, or a module (./FILE or a package); several, separated by commas. "
  + "The console is always on; github is by itself on GitHub Actions, unless console is named";

/** Which scenarios a search is about. */
export const SCENARIO = ["--scenario <glob>", "only scenarios whose name matches (* and ?); several with commas between"] as const;

/** The option of every command that works on a project. */
export const CONFIG = ["--config <file>", "configuration file (default: interlock.config.json, .mjs or .ts of this folder)"] as const;

const exits = (...lines: readonly string[]): string => ["Exit codes:", ...lines.map((line) => `  ${line}`)].join("\n");
const ALWAYS = "2 usage   3 fault of Interlock";

/** Those of `explain`. */
export const EXPLAIN_EXITS = exits(`0 explained   ${ALWAYS}`);
/** Those of `verify-fix`. */
export const VERIFY_EXITS = exits("0 no schedule fails, and what made it fail is reached   1 one fails still", `6 what made it fail is not reached: nothing is known   ${ALWAYS}`);
/** Those of `replay`. */
export const REPLAY_EXITS = exits("0 passes   1 fails   5 comes to something else though the code is the same   6 what made it fail is not reached any more", ALWAYS);

/** Those of `check`, and of what comes to a verdict like it. */
export const EXIT_CODES = exits(
  `0 passed   1 failed (newly, or a regression)   ${ALWAYS}   4 nothing ran   5 nondeterminism`,
  "6 stale findings (--stale=fail)   7 inconclusive (--inconclusive=fail)   130, 143 interrupted",
);
