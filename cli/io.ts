/** The outside as the commands see it; tests hand in another one. */
import { availableParallelism } from "node:os";
import picocolors from "picocolors";
import { PLAIN_PAINT, type Paint } from "../reports/index.ts";

/** A stream that takes text. */
export interface Sink {
  readonly write: (text: string) => unknown;
  readonly isTTY: boolean;
  readonly columns: number;
  /** A line can be written over: a terminal that knows escape sequences. */
  readonly rewrites: boolean;
  /** Escape sequences for colours are welcome; see {@link coloursWanted}. */
  readonly colours: boolean;
}

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a command reads, writes and listens. */
export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** The installed package: findings, variants, sources. */
  readonly root: string;
  readonly version: string;
  /** Environment variables. */
  readonly env: Environment;
  /** Threads that can run at a time. */
  readonly cores: number;
  /** Calls back at SIGINT and SIGTERM until the returned function is called. */
  readonly onSignal: (heard: (signal: "SIGINT" | "SIGTERM") => unknown) => () => void;
}

const WIDTH_WITHOUT_TERMINAL = 120;
const WIDTH_LEAST = 60;

/** How wide a report may be. */
export const widthOf = (sink: Sink): number =>
  sink.isTTY ? Math.max(WIDTH_LEAST, sink.columns) : WIDTH_WITHOUT_TERMINAL;

const { bold, dim, red, green, yellow } = picocolors.createColors(true);
const COLOURS: Paint = { bold, dim, red, green, yellow };

/** Colours where they are wanted. */
export const paintOf = (sink: Sink): Paint => (sink.colours ? COLOURS : PLAIN_PAINT);

/**
 * Whether to colour what is written to a stream. In this order: `NO_COLOR` forbids; `FORCE_COLOR` wants them, or
 * forbids as `0` or `false`; `TERM=dumb` has none; otherwise a terminal has them. An empty variable counts as unset.
 */
export function coloursWanted({ NO_COLOR, FORCE_COLOR, TERM }: Environment, isTTY: boolean): boolean {
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return isTTY && TERM !== "dumb";
}

/** Lines on standard output. */
export const say = (io: Io, lines: readonly string[]): void => {
  for (const line of lines) io.stdout.write(`${line}\n`);
};

/** The process. */
export function processIo(root: string, version: string): Io {
  const sink = (stream: NodeJS.WriteStream): Sink => ({
    write: (text) => stream.write(text),
    isTTY: stream.isTTY,
    rewrites: stream.isTTY && process.env["TERM"] !== "dumb",
    colours: coloursWanted(process.env, stream.isTTY),
    get columns() {
      return stream.columns;
    },
  });
  return {
    stdout: sink(process.stdout),
    stderr: sink(process.stderr),
    cwd: process.cwd(),
    root,
    version,
    env: process.env,
    cores: availableParallelism(),
    onSignal(heard) {
      const signals = ["SIGINT", "SIGTERM"] as const;
      const handlers = signals.map((signal) => [signal, () => heard(signal)] as const);
      for (const [signal, handler] of handlers) process.on(signal, handler);
      return () => {
        for (const [signal, handler] of handlers) process.off(signal, handler);
      };
    },
  };
}
