/**
 * SARIF 2.1.0, which code scanning reads: a result for each failure, with a thread flow for each context whose locations point
 * at the model and at the lines of the seed, in the order of the events over all of them (`executionOrder`).
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, 3.36 to 3.38
 */
import { eventId, type EventPlace, type RunEvent, type RunEvents } from "../run-events.ts";
import { causeOf, causeText } from "../classes.ts";
import type { Reporter } from "../reporter.ts";
import type { CauseResult } from "../results.ts";
import { oneLine } from "../text.ts";
import { eventText, shownRun, type ShownRun } from "./shown-run.ts";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/** Readers stop where flows are longer (GitHub after 10,000 in all); the last ones are kept. */
const EVENTS_MOST = 5000;

type Json = Readonly<Record<string, unknown>>;

/** Writes `interlock.sarif`. */
export function sarifReporter(): Reporter {
  const runs: ShownRun[] = [];
  let version = "";
  return {
    begin(opening) {
      version = opening.version;
      return undefined;
    },
    async failure(report, look) {
      runs.push(shownRun(report, await look.events()));
      return undefined;
    },
    end: ({ results }) => ({ files: { "interlock.sarif": sarif(runs, version, results.causes) } }),
  };
}

/** The text of the file; runs that did not fail have no result. */
export function sarif(runs: readonly ShownRun[], version: string, causes: readonly CauseResult[] = []): string {
  const failing = runs.filter(({ failure }) => failure !== null);
  const rules = [...new Map(failing.map((run) => [ruleOf(run), run.failure]))];
  const driver = {
    name: "Interlock",
    ...(version === "" ? {} : { version }),
    rules: rules.map(([id, failure]) => ({ id, name: failure?.id ?? id, shortDescription: text(failure?.message ?? id) })),
  };
  const log = {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [{
      tool: { driver },
      columnKind: "utf16CodeUnits",
      originalUriBaseIds: {
        INTERLOCK: { description: text("The folder of the package: the model lies below it.") },
        SEEDS: { description: text("The folder that --sources names: the documents with the C.") },
      },
      results: failing.map((run) => resultOf(run, rules.map(([id]) => id), causeOf(causes, run.fingerprint))),
    }],
  };
  return `${JSON.stringify(log, null, 1)}\n`;
}

const ruleOf = ({ failure }: ShownRun): string => `${failure?.kind ?? ""}/${oneLine(failure?.id ?? "")}`;

const text = (words: string): Json => ({ text: oneLine(words) === "" ? "-" : oneLine(words) });

function resultOf(run: ShownRun, rules: readonly string[], cause: CauseResult | undefined): Json {
  const { scenario, token, fingerprint, failure, events } = run;
  const seeds = new SeedPlaces();
  const first = Math.max(0, events.events.length - EVENTS_MOST);
  const flows = events.contexts.flatMap((context, i) => {
    const locations = events.events.flatMap((event, index) =>
      event.context === i && index >= first ? [flowLocation(events, event, index, seeds)] : []);
    return locations.length === 0 ? [] : [{ id: `context ${String(i)}`, message: text(context.name), locations }];
  });
  const noticed = events.evidence.at(-1);
  const event = noticed === undefined ? undefined : events.events[noticed];
  const facts = (failure?.facts ?? []).map(([label, value]) => `${label}: ${value}`);
  return {
    ruleId: ruleOf(run),
    ruleIndex: rules.indexOf(ruleOf(run)),
    level: "error",
    message: text([failure?.message ?? "", `In scenario ${scenario}.`, ...facts, ...(cause === undefined ? [] : [causeText(cause)])].join(" ")),
    locations: event === undefined ? [] : [locationOf(events, event, failure?.message ?? "")],
    ...(flows.length === 0 ? {} : { codeFlows: [{ message: text("who did what, in which order"), threadFlows: flows }] }),
    relatedLocations: seeds.all,
    partialFingerprints: { "interlock/v1": fingerprint, ...(cause === undefined ? {} : { "interlock/class/v1": cause.class }) },
    properties: { token, scenario, evidence: events.evidence.map(eventId), eventsBefore: first },
  };
}

/** Places in the seed documents are locations of the result; flows refer to them by number. */
class SeedPlaces {
  readonly all: Json[] = [];
  readonly #numbers = new Map<string, number>();

  of({ seed }: EventPlace): number | null {
    if (seed === null) return null;
    const { document, first, last } = seed;
    const key = `${document}:${String(first)}-${String(last)}`;
    const found = this.#numbers.get(key);
    if (found !== undefined) return found;
    const id = this.all.length + 1;
    this.#numbers.set(key, id);
    this.all.push({
      id,
      physicalLocation: { artifactLocation: { uri: document, uriBaseId: "SEEDS" }, region: { startLine: first, endLine: last } },
      message: text(`lines ${String(first)} to ${String(last)} of document ${document}`),
    });
    return id;
  }
}

function flowLocation(events: RunEvents, event: RunEvent, index: number, seeds: SeedPlaces): Json {
  const place = events.places[event.place];
  const seed = place === undefined ? null : seeds.of(place);
  const evident = events.evidence.includes(index);
  return {
    location: {
      ...locationOf(events, event, `${eventId(index)} ${eventText(event)}`),
      ...(seed === null ? {} : { relationships: [{ target: seed, kinds: ["relevant"] }] }),
    },
    executionOrder: index + 1,
    nestingLevel: (events.stacks[event.stack] ?? []).length,
    importance: evident ? "essential" : event.switched === null ? "unimportant" : "important",
    properties: { event: eventId(index), step: event.step, virtualTimeNs: event.now },
  };
}

function locationOf(events: RunEvents, event: RunEvent, message: string): Json {
  const model = events.places[event.place]?.model ?? null;
  const routine = events.stacks[event.stack]?.at(-1);
  return {
    message: text(message),
    ...(model === null ? {} : {
      physicalLocation: { artifactLocation: { uri: encodeURI(model.file), uriBaseId: "INTERLOCK" }, region: { startLine: model.line } },
    }),
    ...(routine === undefined ? {} : { logicalLocations: [{ fullyQualifiedName: routine, kind: "function" }] }),
  };
}
