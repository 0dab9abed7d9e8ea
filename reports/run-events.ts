/**
 * The events of a run as plain data, in the order in which they took effect. Every format that shows single steps is made of
 * this list, and names an event by its place in it: `e0` is the first one behind the boot.
 */
import type { FailureSite, Outcome } from "../sim/index.ts";

/** Who acts. */
export interface EventContext {
  /** The spawn path. */
  readonly name: string;
  /** Null: an agent outside the CPUs. */
  readonly cpu: number | null;
  /** An interrupt line: what it does is nested on a thread of its CPU. */
  readonly line: boolean;
}

/** A field that was written during an event. */
export interface EventChange {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** How control came to the context of an event from that of the event before. */
export interface EventSwitch {
  /** Index of the context that ran before. */
  readonly from: number;
  /** `preempted at exit ifsq_lock`, `waits for token, held by netisr 0`, `ends`. */
  readonly why: string;
  /** The context that ran before could have gone on. */
  readonly preempted: boolean;
}

/** An operation that took effect, with what its context did up to its next one. */
export interface RunEvent {
  /** Index into {@link RunEvents.contexts}. */
  readonly context: number;
  /** Operations announced up to and with this one, as failures and tokens count them. */
  readonly step: number;
  /** Where it was announced in the log. */
  readonly at: number;
  /** Where it took effect in the log. */
  readonly began: number;
  /** Virtual time, ns. */
  readonly now: number;
  /** `enter`, `store`, `send`. */
  readonly verb: string;
  /** What it is about; empty: nothing. */
  readonly object: string;
  /** Verb, object and what came of it: `load ifsq_started: true`. */
  readonly text: string;
  /** Nothing in this event can be noticed by others in another order. */
  readonly reads: boolean;
  readonly changes: readonly EventChange[];
  readonly notes: readonly string[];
  /** Index into {@link RunEvents.stacks}. */
  readonly stack: number;
  /** Index into {@link RunEvents.places}. */
  readonly place: number;
  readonly switched: EventSwitch | null;
}

/** Where in the sources an event is. */
export interface EventPlace {
  /** A file of the model and a line in it; null: not known. */
  readonly model: { readonly file: string; readonly line: number } | null;
  /** The lines of a seed document that are executed there; null: not known. */
  readonly seed: { readonly document: string; readonly first: number; readonly last: number } | null;
}

/** The run. */
export interface RunEvents {
  readonly contexts: readonly EventContext[];
  readonly events: readonly RunEvent[];
  /** Routines that were running, outermost first; the first entry is empty. */
  readonly stacks: readonly (readonly string[])[];
  /** The first entry knows nothing. */
  readonly places: readonly EventPlace[];
  /** Events that the failure is about, in their order. */
  readonly evidence: readonly number[];
  /** The causal slice, ascending: events that happen before the failure and touch what others change. Absent: not worked out. */
  readonly slice?: readonly number[];
  readonly outcome: Outcome;
  readonly site: FailureSite | null;
}

/** The name of an event in every format. */
export const eventId = (index: number): string => `e${String(index)}`;

/** An unknown place. */
export const NO_PLACE: EventPlace = { model: null, seed: null };
