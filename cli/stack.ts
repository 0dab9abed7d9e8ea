/**
 * The modelled call stack, read off the JavaScript one: `yield*` keeps every outer generator on it, and a
 * routine has its kernel name. Taken only while a run is replayed for a report or a fingerprint.
 */

const FRAMES_MAX = 200;

/** Kernel and driver routines that are running, outermost first. `above`: the function to start below. */
export function modelledStack(above: (...args: never[]) => unknown): readonly string[] {
  const holder: { stack?: unknown } = {};
  return withLongStacks(() => {
    Error.captureStackTrace(holder, above);
    return read(holder);
  });
}

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
export const thrownStack = (error: Error): readonly string[] => read(error);

/** The engine formats a stack when it is first asked for. */
function read(holder: { stack?: unknown }): readonly string[] {
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

function routines(sites: readonly NodeJS.CallSite[]): readonly string[] {
  const start = sites.findIndex((site) => site.getFunctionName() === STARTER);
  const own = start < 0 ? sites : sites.slice(0, start);
  return own.map(kernelName).filter((name) => name !== null).reverse();
}

/** Methods and camelCase are ours, but for drivers; a plain function in lower case is the kernel's. */
function kernelName(site: NodeJS.CallSite): string | null {
  const name = site.getFunctionName();
  if (name === null) return null;
  // A driver is called through a field: the field's cell is the receiver.
  if (isDriverName(name)) return name;
  const type = site.getTypeName();
  return (type === null || type === "Object") && isKernelName(name) ? name : null;
}

/** Kernel names without an underscore; any other single word may be ours. */
const SINGLE_WORDS: ReadonlySet<string> = new Set([
  "tsleep", "wakeup", "panic", "kmalloc", "kfree", "softclock", "hardclock", "ifioctl", "ssleep",
]);

const isKernelName = (name: string): boolean =>
  SINGLE_WORDS.has(name) || /^_?[a-z0-9]+(_[a-z0-9]+)+$/.test(name);

/** What a driver calls its routines: the driver's name, then what they do (`nicStart`). */
export const isDriverName = (name: string): boolean => /^nic[A-Z]/.test(name);
