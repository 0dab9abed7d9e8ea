/**
 * The modelled call stack, read off the JavaScript one: `yield*` keeps every outer generator on it, and a
 * routine has its kernel name. Taken only while a run is replayed for a report or a fingerprint.
 */

const FRAMES_MAX = 200;

/** Kernel routine names that are running, outermost first. `above`: the function to start below. */
export function modelledStack(above: (...args: never[]) => unknown): readonly string[] {
  const limit = Error.stackTraceLimit;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- V8 calls it without a receiver
  const prepare = Error.prepareStackTrace;
  const holder: { stack?: unknown } = {};
  try {
    Error.stackTraceLimit = FRAMES_MAX;
    Error.prepareStackTrace = (_error, sites) => sites;
    Error.captureStackTrace(holder, above);
    const sites = holder.stack as readonly NodeJS.CallSite[];
    return sites.map(kernelName).filter((name) => name !== null).reverse();
  } finally {
    Error.prepareStackTrace = prepare;
    Error.stackTraceLimit = limit;
  }
}

/** Methods and camelCase are ours; a plain function in lower case is the kernel's. */
function kernelName(site: NodeJS.CallSite): string | null {
  const type = site.getTypeName();
  if (type !== null && type !== "Object") return null;
  const name = site.getFunctionName();
  return name !== null && isKernelName(name) ? name : null;
}

/** Kernel names without an underscore; any other single word may be ours. */
const SINGLE_WORDS: ReadonlySet<string> = new Set([
  "tsleep", "wakeup", "panic", "kmalloc", "kfree", "softclock", "hardclock", "ifioctl", "ssleep",
]);

const isKernelName = (name: string): boolean =>
  SINGLE_WORDS.has(name) || /^_?[a-z0-9]+(_[a-z0-9]+)+$/.test(name);
