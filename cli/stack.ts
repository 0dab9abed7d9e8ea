/**
 * The modelled call stack, read off the JavaScript one: `yield*` keeps every outer generator on it, and a
 * routine has its kernel name. Taken only while a run is replayed for a report or a fingerprint.
 */

import * as model from "../model/index.ts";
import * as sim from "../sim/index.ts";

/** A routine of the kernel or of a driver that is running. */
export interface Frame {
  readonly routine: string;
  /** It is a driver's, whatever its author calls it. */
  readonly driver: boolean;
  /** A kernel routine that fingerprints and stories leave out: they told routines apart from ours before it had a name. */
  readonly quiet?: true;
}

/** Routines that are running, outermost first. */
export type Stack = readonly Frame[];

const { driverRoutine } = model;
const FRAMES_MAX = 200;

/** The names of the routines that are running, for stories. */
export const modelledNames = (above: (...args: never[]) => unknown): readonly string[] =>
  modelledStack(above).filter(isLoud).map(({ routine }) => routine);

/**
 * Kernel and driver routines that are running, outermost first. `above`: the function to start below. Drivers are
 * told apart in runs that were watched from their boot on (`driverEntry`).
 */
export function modelledStack(above: (...args: never[]) => unknown): Stack {
  const holder: { stack?: unknown } = {};
  return withLongStacks(() => {
    Error.captureStackTrace(holder, above);
    return read(holder);
  });
}

/** Does the frame count for fingerprints and stories? */
export const isLoud = ({ quiet }: Frame): boolean => quiet !== true;

/** Runs something so that {@link thrownStack} can tell of its errors from the outermost frame on. */
export function withLongStacks<T>(what: () => T): T {
  const limit = Error.stackTraceLimit;
  try {
    Error.stackTraceLimit = FRAMES_MAX;
    return what();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** The routines an error was thrown from, outermost first. Once for each error: the engine formats it then. */
export const thrownStack = (error: Error): Stack => read(error);

/** The engine formats a stack when it is first asked for. */
function read(holder: { stack?: unknown }): Stack {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- V8 calls it without a receiver
  const prepare = Error.prepareStackTrace;
  try {
    Error.prepareStackTrace = (_error, sites) => sites;
    const { stack } = holder;
    return Array.isArray(stack) ? routines(stack as readonly NodeJS.CallSite[]) : [];
  } finally {
    Error.prepareStackTrace = prepare;
  }
}

/** A thread that starts inside another one's step stands on its stack, and has nothing to do with it. */
const STARTER = "setThread";

function routines(sites: readonly NodeJS.CallSite[]): Stack {
  const start = sites.findIndex((site) => site.getFunctionName() === STARTER);
  const own = start < 0 ? sites : sites.slice(0, start);
  const frames: Frame[] = [];
  let driver = false;
  for (const site of own.toReversed()) {
    const name = site.getFunctionName();
    if (name === null) continue;
    const routine = NAMESAKES.get(name) ?? name;
    if (routine === driverRoutine.name) driver = true;
    else if (driver && isBuiltIn(site)) continue;
    else if (driver && !isOurs(site, routine)) frames.push({ routine, driver });
    else {
      driver = false;
      if (!isPlain(site)) continue;
      if (isKernelName(routine)) frames.push({ routine, driver });
      else if (QUIET_WORDS.has(routine)) frames.push({ routine, driver, quiet: true });
    }
  }
  return frames;
}

/** A function, or a method of an object that is of no class. */
function isPlain(site: NodeJS.CallSite): boolean {
  const type = site.getTypeName();
  return type === null || type === "Object";
}

/** Kernel names without an underscore; any other single word may be ours. */
const SINGLE_WORDS: ReadonlySet<string> = new Set([
  "tsleep", "wakeup", "panic", "kmalloc", "kfree", "softclock", "hardclock", "ifioctl", "ssleep",
]);

/** More of them: see {@link Frame.quiet}. */
const QUIET_WORDS: ReadonlySet<string> = new Set([
  "copyin", "copyout", "ifconf", "ifinit", "ifnetinit", "ifpromisc", "ifunit", "ksignal", "mtxsleep", "pgsigio", "postsig", "selrecord",
  "selwakeup", "tunattach", "tunclose", "tuncreate", "tunifioctl", "tuninit", "tunioctl", "tunopen", "tunoutput", "tunpoll", "tunread", "tunstart", "tunwrite",
  "uiomove", "zsleep",
]);

/** Methods and camelCase are ours; a plain function in lower case is the kernel's. */
const isKernelName = (name: string): boolean =>
  SINGLE_WORDS.has(name) || /^_?[a-z0-9]+(_[a-z0-9]+)+$/.test(name);

/** The language's own methods stand between routines without being one (`rings.every`, `next`). They have no source. */
const isBuiltIn = (site: NodeJS.CallSite): boolean => (site.getFileName() ?? null) === null;

/**
 * In a driver everything is the driver's, however it is called, but what it calls: a function of the kernel or the
 * machine, or a method of one of their classes. It can call only what these export.
 */
const isOurs = (site: NodeJS.CallSite, name: string): boolean =>
  OURS.has(isPlain(site) ? name : (site.getTypeName() ?? "").replace(BUFFERED, ""));

/** Fields with store buffers are of a class of their own, below the one that is exported. */
const BUFFERED = /^Buffered(?=[A-Z])/;

/** Their names, by what they are called at run time. */
const NAMESAKES: ReadonlyMap<string, string> = new Map(
  Object.entries(model.XNU_NAMESAKES).map(([name, { name: called }]) => [called, name]),
);

/** By the names they have at run time, which a bundler may have changed. */
const OURS: ReadonlySet<string> = new Set(
  [sim, model].flatMap((module) => Object.values<unknown>(module).flatMap((value) => (typeof value === "function" ? [value.name] : []))),
);
