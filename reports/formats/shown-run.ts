/** A run as single-run formats are made of it. */
import type { FailureReport } from "../anatomy.ts";
import type { RunEvent, RunEvents } from "../run-events.ts";

/** The run. */
export interface ShownRun extends Pick<FailureReport, "scenario" | "token" | "fingerprint"> {
  /** Null: it did not fail. */
  readonly failure: FailureReport["failure"] | null;
  readonly events: RunEvents;
}

/** The run of a failure. */
export const shownRun = ({ scenario, token, fingerprint, failure }: FailureReport, events: RunEvents): ShownRun =>
  ({ scenario, token, fingerprint, failure, events });

const NAME_MOST = 60;

/** A file name for a format's rendering of a failure; nothing of it can be a path. */
export const fileName = ({ scenario, failure, fingerprint }: Pick<ShownRun, "scenario" | "failure" | "fingerprint">, ending: string): string => {
  const plain = (text: string): string => text.replaceAll(/[^A-Za-z0-9_-]+/g, "-").replace(/^-+/, "").slice(0, NAME_MOST);
  return [`run-${plain(scenario)}`, ...(failure === null ? [] : [plain(failure.id)]), plain(fingerprint)].filter((part) => part !== "").join(".") + ending;
};

/** What happened in an event, in words. */
export function eventText({ text, changes, notes }: RunEvent): string {
  const told = changes.map(({ field, before, after }) => `${field} ${before} -> ${after}`);
  return [text, ...told, ...notes].join("; ");
}

/** The name of the CPU or agent that the context of an event runs on. */
export function laneOf({ contexts }: RunEvents, { context }: RunEvent): string {
  const { name = "?", cpu = null } = contexts[context] ?? {};
  return cpu === null ? name : `cpu ${String(cpu)}`;
}
