/**
 * The golden runs in a web worker of a real browser, when the machine has one: a page from a server on this machine,
 * under a policy that forbids evaluating text and loading anything from elsewhere.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { accessSync, constants, mkdtempSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, join } from "node:path";
import { EngineFault } from "../errors.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "chrome.exe", "msedge.exe"];
const PLACES = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];
const POLICY = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'";
/** A browser that has not answered by then never will. */
const PATIENCE_MS = 120_000;

/** A browser of this machine: `CHROME_PATH`, or the first one found where browsers are; null: none. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | null {
  const given = env["CHROME_PATH"];
  if (given !== undefined && given !== "") return given;
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...PLACES];
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What the page does with a worker of each bundle. */
const PAGE_SCRIPT = `
  async function main() {
    let evaluates = true;
    try { (0, eval)("1"); } catch { evaluates = false; }
    const answers = [];
    for (let i = 0; ; i++) {
      const entries = await fetch("entries/" + i);
      if (!entries.ok) break;
      const text = await entries.text();
      const worker = new Worker("worker/" + i + ".js");
      answers.push(await new Promise((resolve) => {
        worker.onmessage = ({ data }) => resolve(JSON.parse(data));
        worker.onerror = ({ message }) => resolve({ error: message });
        worker.postMessage(text);
      }));
      worker.terminate();
    }
    const body = JSON.stringify({ agent: navigator.userAgent, evaluates, answers });
    await fetch("answer", { method: "POST", body });
  }
  main();
`;

/** What the page answers. */
export interface BrowserAnswer {
  readonly agent: string;
  /** Could the page evaluate text? Then the policy was not in force. */
  readonly evaluates: boolean;
  /** Of each worker. */
  readonly answers: readonly unknown[];
}

/** A bundle for a worker, and the golden entries it is asked about. */
export interface BrowserJob {
  readonly script: string;
  readonly entries: string;
}

/** Runs the jobs one after the other; what the browser keeps goes into the folder. Throws an {@link EngineFault} when the browser does not answer. */
export async function askBrowser(browser: string, jobs: readonly BrowserJob[], folder: string): Promise<BrowserAnswer> {
  const profile = mkdtempSync(join(folder, "profile-"));
  const server = createServer();
  const answered = serve(server, jobs);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const words = ["--headless", "--no-first-run", "--disable-gpu", "--disable-extensions", `--user-data-dir=${profile}`];
  // Root has no sandbox of its own to give; what is loaded is ours.
  if (process.getuid?.() === 0) words.push("--no-sandbox");
  // A group of its own: the browser's helpers are to end with it.
  const detached = process.platform !== "win32";
  const child = spawn(browser, [...words, `http://127.0.0.1:${String(port)}/`], { stdio: "ignore", detached });
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()).once("error", () => resolve()));
  const ended = new Promise<never>((_, reject) => {
    child.once("error", (error) => reject(new EngineFault(`${browser} does not start: ${error.message}`)));
    child.once("exit", (code) => reject(new EngineFault(`${browser} ended with ${String(code)} before it answered`)));
  });
  const late = AbortSignal.timeout(PATIENCE_MS);
  const tooLate = new Promise<never>((_, reject) => {
    late.onabort = () => reject(new EngineFault(`${browser} did not answer within ${String(PATIENCE_MS / 1000)} s`));
  });
  try {
    return await Promise.race([answered, ended, tooLate]);
  } finally {
    endGroup(child);
    server.closeAllConnections();
    server.close();
    await gone;
  }
}

function endGroup({ pid, exitCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It has ended by itself meanwhile.
  }
}

/** Serves the page and its workers; answers with what the page posts. */
function serve(server: Server, jobs: readonly BrowserJob[]): Promise<BrowserAnswer> {
  return new Promise((resolve, reject) => {
    server.on("request", (request, response) => {
      if (request.method !== "POST") return reply(request, response, jobs);
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("error", reject);
      request.on("end", () => {
        response.end();
        resolve(JSON.parse(Buffer.concat(pieces).toString("utf8")) as BrowserAnswer);
      });
    });
  });
}

function reply({ url = "" }: IncomingMessage, response: ServerResponse, jobs: readonly BrowserJob[]): void {
  const [, folder = "", number = ""] = /^\/(worker|entries)\/([0-9]+)(\.js)?$/.exec(url) ?? [];
  const job = number === "" ? undefined : jobs[Number(number)];
  const [type, body] = url === "/" ? ["text/html", '<!doctype html><script src="page.js"></script>']
    : url === "/page.js" ? ["text/javascript", PAGE_SCRIPT]
    : job === undefined ? ["text/plain", null]
    : folder === "worker" ? ["text/javascript", job.script] : ["application/json", job.entries];
  response.writeHead(body === null ? 404 : 200, {
    "Content-Type": `${type}; charset=utf-8`,
    "Content-Security-Policy": POLICY,
  });
  response.end(body ?? "");
}
