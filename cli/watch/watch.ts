/**
 * `check --watch`: rounds, one for each edit. A round is a check in a process of its own, of the scenarios that the edit
 * touches and of those that failed; what failed before is kept as regressions, which a check replays before anything else.
 */
import { relative } from "node:path";
import { drawSeed, matching } from "../arguments.ts";
import { isUsageError } from "../errors.ts";
import { Exit } from "../exit-codes.ts";
import { say, type Io } from "../io.ts";
import { Changes } from "./changes.ts";
import { startCommand, type Child, type Start } from "./child.ts";
import { findSources, type Sources } from "./sources.ts";
import { Teller } from "./teller.ts";

/** What is watched. */
export interface WatchOptions {
  /** The command line, without the command. */
  readonly args: readonly string[];
  /** `--config`. */
  readonly config: string | null;
  readonly seed: number | null;
  readonly scenario: string | null;
}

/** Scenarios of a round by name; null: all that would be checked. */
type Scope = ReadonlySet<string> | null;

const NONE: Scope = new Set<string>();

/** What a round came to. */
interface Ended {
  readonly exit: Exit;
  /** An edit ended it: that is no verdict. */
  readonly cut: boolean;
  /** What has to be tried again whatever is edited next. */
  readonly open: Scope;
}

/** Runs until a signal; returns the exit code of the last verdict. */
export async function watch(io: Io, options: WatchOptions, start: Start = startCommand): Promise<Exit> {
  const session = new Session(io, options, start);
  const stopListening = io.onSignal((signal) => {
    session.stop(signal);
  });
  try {
    return await session.run();
  } finally {
    stopListening();
    session.close();
  }
}

class Session {
  readonly #io: Io;
  readonly #options: WatchOptions;
  readonly #start: Start;
  readonly #changes = new Changes();
  readonly #seed: number;
  /** npx answers for what it started. */
  readonly #told: string;
  #child: Child | null = null;
  #stopped: "SIGINT" | "SIGTERM" | null = null;
  #wake: () => void = () => undefined;

  constructor(io: Io, options: WatchOptions, start: Start) {
    this.#io = io;
    this.#options = options;
    this.#start = start;
    this.#seed = options.seed ?? drawSeed();
    this.#told = io.env["npm_command"] === "exec" ? " (130 from npx)" : "";
  }

  stop(signal: "SIGINT" | "SIGTERM"): void {
    this.#stopped ??= signal;
    this.#child?.signal(signal);
    this.#wake();
  }

  close(): void {
    this.#changes.close();
  }

  async run(): Promise<Exit> {
    const { config } = this.#options;
    const stopped = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    let sources = await findSources(this.#io, config);
    let exit: Exit = Exit.Passed;
    let scope: Scope = null;
    this.#changes.look(sources.files);
    say(this.#io, [`watching ${String(sources.files.length)} files; every round has seed ${String(this.#seed)}`]);
    for (let round = 1, why = "the first"; ; round++) {
      const edited = this.#changes.next();
      const ended = await this.#round(`round ${String(round)}, ${why}`, scope, edited);
      if (ended !== null) {
        if (!ended.cut) exit = ended.exit;
        if (this.#isStopped()) return ended.exit;
      }
      say(this.#io, [ended?.cut === true ? "  ended by an edit: no verdict" : `waiting for an edit; Ctrl-C ends with exit code ${String(exit)}${this.#told}`]);
      await Promise.race([edited, stopped]);
      if (this.#isStopped()) return exit;
      const next = await findSources(this.#io, config).catch(keep(sources));
      const changed = this.#changes.look(next.files);
      why = changed.length === 0 ? "a new file" : changed.map((path) => relative(this.#io.cwd, path)).join(", ");
      scope = await this.#scopeOf(ended === null ? new Set() : ended.open, changed, sources);
      sources = next;
      if (this.#isStopped()) return exit;
    }
  }

  /** Asked anew each time: a signal comes when it comes. */
  #isStopped(): boolean {
    return this.#stopped !== null;
  }

  /** Null: there was nothing to do. */
  async #round(title: string, scope: Scope, edited: Promise<void>): Promise<Ended | null> {
    if (scope?.size === 0) {
      say(this.#io, ["", `${title}: nothing that is checked uses it`]);
      return null;
    }
    say(this.#io, ["", `${title}: ${scope === null ? "all scenarios" : [...scope].join(", ")}`]);
    const teller = new Teller(this.#io);
    const only = scope === null ? [] : ["--scenario", [...scope].join(",")];
    const child = this.#start(this.#io, ["check", ...this.#options.args, "--seed", String(this.#seed), ...only], (line, from) => {
      teller.hear(line, from);
    });
    this.#child = child;
    void edited.then(() => {
      if (this.#child === child) child.signal("SIGINT");
    });
    const exit = await child.ended;
    this.#child = null;
    teller.end();
    // What could not be built may want a file that is not there yet.
    if (exit === Exit.Usage) this.#changes.countOthers();
    return { exit, cut: exit === Exit.Interrupted && !this.#isStopped(), open: openAfter(exit, teller.failing, scope) };
  }

  /** What an edit touches, and what is still open. */
  async #scopeOf(open: Scope, changed: readonly string[], sources: Sources): Promise<Scope> {
    const modules = sources.touched(changed);
    if (open === null || modules === null) return null;
    if (modules.length === 0) return open;
    const names = await this.#scenariosOf(modules);
    return names === null ? null : new Set([...open, ...names]);
  }

  /** Those that come from modules, as far as they are checked; null when nobody can say. */
  async #scenariosOf(modules: readonly string[]): Promise<readonly string[] | null> {
    const { config, scenario } = this.#options;
    let text = "";
    const listed = this.#start(this.#io, ["list", "--json", ...(config === null ? [] : ["--config", config])], (line, from) => {
      if (from === "stdout") text += line;
    });
    if (await listed.ended !== Exit.Passed) return null;
    const { scenarios } = JSON.parse(text) as { readonly scenarios: readonly { readonly name: string; readonly from: string }[] };
    const all = scenarios.map(({ name }) => name);
    const wanted = new Set(scenario === null ? all : matching("scenario", scenario, all));
    return scenarios.filter(({ name, from }) => modules.includes(from) && wanted.has(name)).map(({ name }) => name);
  }
}

function openAfter(exit: Exit, failing: ReadonlySet<string>, scope: Scope): Scope {
  if (exit === Exit.Passed) return NONE;
  if (exit === Exit.Failed && failing.size > 0) return failing;
  // Nothing was run: there may be other scenarios by the time there is something to run.
  return exit === Exit.Usage || exit === Exit.EngineFault ? null : scope;
}

/** A configuration file that is gone for a moment is looked for in the same place. */
const keep = (sources: Sources) => (error: unknown): Sources => {
  if (isUsageError(error)) return sources;
  throw error;
};
