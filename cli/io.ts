/** The outside as the commands see it; tests hand in another one. */
import picocolors from "picocolors";
import { PLAIN_PAINT, type Paint } from "../reports/index.ts";

/** A stream that takes text. */
export interface Sink {
  readonly write: (text: string) => unknown;
  readonly isTTY: boolean;
  readonly columns: number;
}

/** Where a command reads, writes and listens. */
export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** The installed package: findings, variants, sources. */
  readonly root: string;
  readonly version: string;
  /** Calls back at SIGINT and SIGTERM until the returned function is called. */
  readonly onSignal: (heard: (signal: "SIGINT" | "SIGTERM") => unknown) => () => void;
}

const WIDTH_WITHOUT_TERMINAL = 120;
const WIDTH_LEAST = 60;

/** How wide a report may be. */
export const widthOf = (sink: Sink): number =>
  sink.isTTY ? Math.max(WIDTH_LEAST, sink.columns) : WIDTH_WITHOUT_TERMINAL;

/** Colours on a terminal, unless NO_COLOR forbids them. */
export function paintOf(sink: Sink): Paint {
  if (!sink.isTTY) return PLAIN_PAINT;
  const { bold, dim, red, green, yellow } = picocolors;
  return { bold, dim, red, green, yellow };
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
