/**
 * Local runners for the pipelines of `docs/ci`: what GitHub and GitLab do with a file, as far as those files go. Jobs get
 * folders of their own, artifacts are copies, and every command is given to the shell as it stands.
 */
import { execFile } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { parse } from "yaml";
import { findRoot } from "../scripts/stamp.mjs";

/** What a command or a job came to. */
export interface Ran {
  readonly code: number;
  /** Both streams. */
  readonly output: string;
}

const root = findRoot();
/** The condition of what also runs behind a failure. */
const ALWAYS = "${{ !cancelled() }}";
const OK: Ran = { code: 0, output: "" };

/** A file of `docs/ci`. */
export const pipelinePath = (name: string): string => join(root, "docs", "ci", name);
const readPipeline = (name: string): unknown => parse(readFileSync(pipelinePath(name), "utf8"));

/**
 * What the commands find on the path: an npm that has installed everything already, an npx that starts this Interlock,
 * and an ssh to machines that are this one.
 */
const TOOLS: Readonly<Record<string, string>> = {
  npm: '[ "$1" = ci ]',
  npx: `[ "$1" = interlock ] && shift && exec "${process.execPath}" "${join(root, "bin", "interlock.mjs")}" "$@"`,
  ssh: 'echo "$1" >>"$SSH_LOG" && shift && exec sh -c "$*"',
};

/** A folder with the tools; returns the path that finds them first. */
export function makeTools(folder: string): string {
  mkdirSync(folder);
  for (const [name, script] of Object.entries(TOOLS)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder + delimiter + (process.env["PATH"] ?? "");
}

/** Runs a command line as the runner's shell would. */
export async function runShell([command = "", ...rest]: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ran> {
  try {
    const { stdout, stderr } = await promisify(execFile)(command, rest, { cwd, env, maxBuffer: 1 << 26 });
    return { code: 0, output: stdout + stderr };
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as { code?: unknown; stdout?: string; stderr?: string };
    if (typeof code !== "number") throw error;
    return { code, output: stdout + stderr };
  }
}

// -- GitHub ---------------------------------------------------------------------------------------------------------

interface GithubStep {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface GithubJob {
  readonly needs?: string;
  readonly if?: string;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly steps: readonly GithubStep[];
}

interface Workflow {
  readonly env: Readonly<Record<string, unknown>>;
  readonly jobs: Readonly<Record<string, GithubJob>>;
}

/** Values of the expressions `${{ … }}`. */
type Values = Readonly<Record<string, unknown>>;

/** Of a workflow run. */
export interface GithubRun {
  /** By `job` or `job (value)`. */
  readonly jobs: ReadonlyMap<string, Ran>;
  /** The folder of a job. */
  readonly workspace: (job: string) => string;
  readonly summary: (job: string) => string;
  /** Runs a job without a matrix again, in a fresh folder; one artifact never arrives. */
  readonly again: (job: string, lost: string) => Promise<Ran>;
}

/** Runs a workflow in a folder; `repository` is what its jobs check out, null: nothing. */
export async function runGithub(name: string, folder: string, env: NodeJS.ProcessEnv, repository: string | null = null): Promise<GithubRun> {
  const workflow = readPipeline(name) as Workflow;
  const workspace = (job: string): string => join(folder, job);
  const summaryPath = (job: string): string => join(folder, `${job}.summary`);
  const jobs = new Map<string, Ran>();
  const artifacts = join(folder, "artifacts");
  mkdirSync(artifacts);
  const runJob = (job: GithubJob, title: string, matrix: Values, total: number, lost: string | null): Promise<Ran> => {
    const values: Values = {
      "github.run_number": 7,
      "strategy.job-total": total,
      ...Object.fromEntries(Object.entries(matrix).map(([key, value]) => [`matrix.${key}`, value])),
    };
    const cwd = workspace(title);
    mkdirSync(cwd);
    const own = Object.fromEntries(Object.entries(workflow.env).map(([key, value]) => [key, filled(String(value), values)]));
    const given = { CI: "true", GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: cwd, GITHUB_STEP_SUMMARY: summaryPath(title) };
    return runSteps(job.steps, { cwd, env: { ...own, ...env, ...given }, values, artifacts, lost, repository });
  };
  for (const [id, job] of inOrder(workflow.jobs)) {
    const failed = [...jobs].some(([title, { code }]) => code !== 0 && title.split(" ")[0] === job.needs);
    if (failed && job.if !== ALWAYS) continue;
    const cells = cellsOf(job);
    for (const matrix of cells) {
      const title = [id, ...Object.values(matrix).map((value) => `(${String(value)})`)].join(" ");
      jobs.set(title, await runJob(job, title, matrix, cells.length, null));
    }
  }
  return {
    jobs,
    workspace,
    summary: (job) => existsSync(summaryPath(job)) ? readFileSync(summaryPath(job), "utf8") : "",
    again: (id, lost) => runJob(workflow.jobs[id] as GithubJob, `${id} again`, {}, 1, lost),
  };
}

/** Jobs behind those that they need. */
function inOrder(jobs: Workflow["jobs"]): readonly (readonly [string, GithubJob])[] {
  return Object.entries(jobs).toSorted(([a, one], [b, two]) => Number(one.needs === b) - Number(two.needs === a));
}

function cellsOf({ strategy }: GithubJob): readonly Values[] {
  let cells: readonly Values[] = [{}];
  for (const [key, list] of Object.entries(strategy?.matrix ?? {})) {
    cells = cells.flatMap((cell) => list.map((value) => ({ ...cell, [key]: value })));
  }
  return cells;
}

function filled(text: string, values: Values): string {
  return text.replaceAll(/\$\{\{ *(.*?) *\}\}/g, (_, expression: string) => {
    if (!Object.hasOwn(values, expression)) throw new Error(`no value for ${expression}`);
    return String(values[expression]);
  });
}

interface Place {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly values: Values;
  readonly artifacts: string;
  /** An artifact that never arrives. */
  readonly lost: string | null;
  readonly repository: string | null;
}

async function runSteps(steps: readonly GithubStep[], place: Place): Promise<Ran> {
  let whole = OK;
  for (const step of steps) {
    if (step.if !== undefined && step.if !== ALWAYS) throw new Error(`unknown condition ${step.if}`);
    if (whole.code !== 0 && step.if === undefined) continue;
    const { code, output } = await runStep(step, place);
    whole = { code: whole.code === 0 ? code : whole.code, output: whole.output + output };
  }
  return whole;
}

async function runStep({ uses, run, with: given = {} }: GithubStep, place: Place): Promise<Ran> {
  const { cwd, env, values, artifacts, lost } = place;
  const input = (name: string): string => filled(String(given[name]), values);
  if (run !== undefined) return runShell(["bash", "-e", "-c", filled(run, values)], cwd, env);
  switch (uses?.replace(/@v[0-9]+$/, "")) {
    case "actions/checkout":
      if (place.repository !== null) cpSync(place.repository, cwd, { recursive: true });
      return OK;
    case "actions/setup-node":
      return OK;
    case "actions/upload-artifact": {
      const paths = input("path").trim().split("\n");
      const found = paths.filter((path) => existsSync(join(cwd, path)));
      // One folder is uploaded without its name; several with theirs.
      for (const path of found) {
        cpSync(join(cwd, path), join(artifacts, input("name"), paths.length === 1 ? "" : path), { recursive: true });
      }
      return found.length > 0 ? OK : { code: 0, output: "no files were found\n" };
    }
    case "actions/download-artifact": {
      if (given["merge-multiple"] !== true || !input("pattern").endsWith("*")) throw new Error("unknown way to download");
      const prefix = input("pattern").slice(0, -1);
      for (const name of readdirSync(artifacts).filter((each) => each.startsWith(prefix) && each !== lost)) {
        cpSync(join(artifacts, name), join(cwd, input("path")), { recursive: true });
      }
      return OK;
    }
    default:
      throw new Error(`unknown action ${String(uses)}`);
  }
}

// -- GitLab ---------------------------------------------------------------------------------------------------------

interface GitlabJob {
  readonly stage: string;
  readonly parallel?: number;
  readonly when?: string;
  readonly script: readonly string[];
  readonly artifacts: { readonly paths: readonly string[]; readonly reports?: { readonly junit: string } };
}

interface Pipeline extends Readonly<Record<string, unknown>> {
  readonly stages: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly default: { readonly before_script: readonly string[] };
}

/** Of a pipeline. */
export interface GitlabRun {
  /** By `job` or `job i/n`. */
  readonly jobs: ReadonlyMap<string, Ran>;
  /** What the jobs left as artifacts. */
  readonly artifacts: string;
  /** JUnit reports, as merge requests show them. */
  readonly junit: readonly string[];
}

/** Runs a pipeline in a folder. */
export async function runGitlab(name: string, folder: string, env: NodeJS.ProcessEnv): Promise<GitlabRun> {
  const pipeline = readPipeline(name) as Pipeline;
  const artifacts = join(folder, "artifacts");
  mkdirSync(artifacts);
  const jobs = new Map<string, Ran>();
  const junit: string[] = [];
  for (const stage of pipeline.stages) {
    const failed = [...jobs.values()].some(({ code }) => code !== 0);
    for (const [id, job] of Object.entries(pipeline) as [string, GitlabJob][]) {
      if (typeof job !== "object" || job.stage !== stage || (failed && job.when !== "always")) continue;
      const of = job.parallel ?? 1;
      const before = join(folder, `before-${stage}`);
      cpSync(artifacts, before, { recursive: true });
      for (let index = 1; index <= of; index++) {
        const title = of === 1 ? id : `${id} ${String(index)}/${String(of)}`;
        const cwd = join(folder, title.replace("/", "-"));
        cpSync(before, cwd, { recursive: true });
        const own = { ...pipeline.variables, ...env, CI: "true", CI_PIPELINE_IID: "7", CI_NODE_INDEX: String(index), CI_NODE_TOTAL: String(of) };
        const script = [...pipeline.default.before_script, ...job.script].join("\n");
        jobs.set(title, await runShell(["bash", "-e", "-o", "pipefail", "-c", script], cwd, own));
        for (const path of job.artifacts.paths) {
          if (existsSync(join(cwd, path))) cpSync(join(cwd, path), join(artifacts, path), { recursive: true });
        }
        const report = job.artifacts.reports?.junit;
        if (report !== undefined) junit.push(readFileSync(join(cwd, report), "utf8"));
      }
    }
  }
  return { jobs, artifacts, junit };
}
