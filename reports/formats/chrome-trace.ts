/**
 * The Trace Event Format of Chrome, which ui.perfetto.dev, chrome://tracing and speedscope open: a process for each CPU, in it a
 * track that says who runs and one for each context, with the routines it is in and its operations. An event takes one
 * microsecond of the time that is shown, which is not the virtual time: that hardly moves in a search, and is told in the
 * arguments. https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 */
import { eventId, type RunEvent, type RunEvents } from "../run-events.ts";
import { eventText, type ShownRun } from "./shown-run.ts";

/** One entry of `traceEvents`. */
interface TraceEvent {
  readonly name: string;
  readonly ph: "X" | "B" | "E" | "M" | "i" | "s" | "f";
  readonly ts: number;
  readonly pid: number;
  readonly tid: number;
  readonly [more: string]: unknown;
}

/** Who runs on the CPU. */
const RUNS = 0;
/** What belongs to no CPU. */
const AGENTS = 1000;

/** The text of the file. */
export function chromeTrace(run: ShownRun): string {
  const { scenario, token, fingerprint, failure, events } = run;
  const traceEvents = [...metadata(events), ...runs(events), ...events.contexts.flatMap((_, i) => trackOf(events, i)), ...flows(events), ...marks(run)];
  const otherData = { scenario, token, fingerprint, failure: failure?.id ?? null, unit: "1 us is one event" };
  return `${JSON.stringify({ traceEvents, displayTimeUnit: "ns", otherData })}\n`;
}

function metadata({ contexts }: RunEvents): readonly TraceEvent[] {
  const cpus = [...new Set(contexts.map(({ cpu }) => cpu))];
  const named = (name: string, pid: number, tid: number, args: object): TraceEvent => ({ name, ph: "M", ts: 0, pid, tid, args });
  return [
    ...cpus.flatMap((cpu) => {
      const pid = pidOf(cpu);
      const name = cpu === null ? "agents" : `cpu ${String(cpu)}`;
      return [
        named("process_name", pid, RUNS, { name }),
        named("process_sort_index", pid, RUNS, { sort_index: pid }),
        named("thread_name", pid, RUNS, { name: "runs" }),
      ];
    }),
    ...contexts.map(({ name, cpu }, i) => named("thread_name", pidOf(cpu), tidOf(i), { name })),
  ];
}

const pidOf = (cpu: number | null): number => (cpu === null ? AGENTS : cpu + 1);
const tidOf = (context: number): number => context + 1;

function seat({ contexts }: RunEvents, context: number): { readonly pid: number; readonly tid: number } {
  return { pid: pidOf(contexts[context]?.cpu ?? null), tid: tidOf(context) };
}

/** A slice for as long as one context goes on. */
function runs(all: RunEvents): readonly TraceEvent[] {
  const { contexts, events } = all;
  const found: TraceEvent[] = [];
  for (let from = 0; from < events.length;) {
    const { context = 0 } = events[from] ?? {};
    let to = from + 1;
    while (to < events.length && events[to]?.context === context) to++;
    const name = contexts[context]?.name ?? "?";
    found.push({ name, ph: "X", ts: from, dur: to - from, pid: seat(all, context).pid, tid: RUNS, cat: "runs", args: { from: eventId(from), to: eventId(to - 1) } });
    from = to;
  }
  return found;
}

/** The routines a context is in, and its operations. */
function trackOf(all: RunEvents, context: number): readonly TraceEvent[] {
  const where = seat(all, context);
  const found: TraceEvent[] = [];
  let open: readonly string[] = [];
  let end = 0;
  const close = (keep: number): void => {
    for (const name of open.slice(keep).toReversed()) found.push({ name, ph: "E", ts: end, ...where });
  };
  all.events.forEach((event, ts) => {
    if (event.context !== context) return;
    const stack = all.stacks[event.stack] ?? [];
    const differs = stack.findIndex((name, i) => name !== open[i]);
    const kept = differs < 0 ? stack.length : differs;
    close(kept);
    for (const name of stack.slice(kept)) found.push({ name, ph: "B", ts, ...where, cat: "routine" });
    open = stack;
    end = ts + 1;
    found.push({ name: event.text, ph: "X", ts, dur: 1, ...where, cat: event.verb, id: eventId(ts), args: argsOf(all, event, ts) });
  });
  close(0);
  return found;
}

function argsOf({ places }: RunEvents, event: RunEvent, index: number): Readonly<Record<string, unknown>> {
  const { model = null, seed = null } = places[event.place] ?? {};
  return {
    event: eventId(index),
    step: event.step,
    "virtual time (ns)": event.now,
    told: eventText(event),
    ...(event.switched === null ? {} : { "switched because the other": event.switched.why }),
    ...(model === null ? {} : { model: `${model.file}:${String(model.line)}` }),
    ...(seed === null ? {} : { seed: `${seed.document}:${String(seed.first)}-${String(seed.last)}` }),
  };
}

/** An arrow for each time that control was taken from a context that could have gone on. */
function flows(all: RunEvents): readonly TraceEvent[] {
  return all.events.flatMap((event, ts): readonly TraceEvent[] => {
    const before = all.events[ts - 1];
    if (event.switched?.preempted !== true || before === undefined) return [];
    const common = { name: "preemption", cat: "preemption", id: ts };
    return [
      { ...common, ph: "s", ts: ts - 1, ...seat(all, before.context) },
      { ...common, ph: "f", bp: "e", ts, ...seat(all, event.context) },
    ];
  });
}

function marks({ failure, events }: ShownRun): readonly TraceEvent[] {
  if (failure === null) return [];
  return events.evidence.map((index) => {
    const { context = 0 } = events.events[index] ?? {};
    return { name: `${failure.kind} ${failure.id}`, ph: "i", ts: index, s: "g", ...seat(events, context), args: { event: eventId(index), message: failure.message } };
  });
}
