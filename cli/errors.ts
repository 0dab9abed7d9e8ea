/** What the command line says in one line and an exit code, never with a stack trace. */
import { Exit } from "./exit-codes.ts";

/** The user asked for something that cannot be done. */
export class UsageError extends Error {
  constructor(message: string) {
    super(oneLine(message));
    this.name = "UsageError";
  }
}

/** A run cannot be judged: Interlock is wrong, or a module that it was given; not the kernel. */
export class EngineFault extends Error {
  readonly exit: Exit;

  constructor(message: string, exit: Exit = Exit.EngineFault, cause?: unknown) {
    super(oneLine(message), { cause });
    this.name = "EngineFault";
    this.exit = exit;
  }

  /** Whose it is: {@link Exit.Usage} is for modules that Interlock was given. */
  get whose(): "interlock" | "module" {
    return this.exit === Exit.Usage ? "module" : "interlock";
  }
}

/** Text that may come from outside, fit to be shown on one line of a terminal. */
export function oneLine(text: string): string {
  const clean = text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ").trim();
  return clean.length > 400 ? `${clean.slice(0, 399)}…` : clean;
}

/** A piece of input quoted in a message. */
export function quote(text: string): string {
  const clean = oneLine(text);
  return `'${clean.length > 60 ? `${clean.slice(0, 59)}…` : clean}'`;
}

/** What a thrown value says. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** By name, not by class: a variant's bundle has classes of its own. */
export const isUsageError = (error: unknown): error is UsageError =>
  error instanceof Error && error.name === "UsageError";

/** See {@link isUsageError}. */
export const isEngineFault = (error: unknown): error is EngineFault =>
  error instanceof Error && error.name === "EngineFault";

/** Where an internal error came from, for those who ask for it. */
export function debugLines(error: unknown): readonly string[] {
  if (process.env["INTERLOCK_DEBUG"] === undefined || !(error instanceof Error)) return [];
  return [String(error.stack), ...debugLines(error.cause)];
}
