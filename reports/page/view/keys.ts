/** The keyboard. */
import type { RunEvents } from "../../run-events.ts";
import { nextOfSame, nextSwitch } from "../compare.ts";
import { nextMatch } from "../search.ts";

/** What can be done, and with what. */
export interface Moves {
  readonly events: RunEvents;
  readonly cursor: number;
  readonly matches: readonly number[];
  readonly failure: number;
  readonly difference: number | null;
  readonly go: (event: number) => void;
  readonly compare: () => void;
  readonly toggleHelp: () => void;
  readonly zoom: (factor: number) => void;
  readonly search: () => void;
}

/** A key, what is shown of it, and what it does. */
interface Command {
  readonly keys: readonly string[];
  readonly what: string;
  readonly act: (moves: Moves) => void;
}

const to = (moves: Moves, event: number | null): void => {
  if (event !== null) moves.go(event);
};

/** All of them, in the order of the help. */
export const COMMANDS: readonly Command[] = [
  { keys: ["ArrowRight", "ArrowDown", "l", "j"], what: "step forward", act: (m) => m.go(m.cursor + 1) },
  { keys: ["ArrowLeft", "ArrowUp", "h", "k"], what: "step back", act: (m) => m.go(m.cursor - 1) },
  { keys: ["Shift+ArrowRight", "Shift+ArrowDown", "L", "J"], what: "forward in the same context", act: (m) => to(m, nextOfSame(m.events, m.cursor, 1)) },
  { keys: ["Shift+ArrowLeft", "Shift+ArrowUp", "H", "K"], what: "back in the same context", act: (m) => to(m, nextOfSame(m.events, m.cursor, -1)) },
  { keys: ["]"], what: "to the next switch", act: (m) => to(m, nextSwitch(m.events, m.cursor, 1)) },
  { keys: ["["], what: "to the last switch", act: (m) => to(m, nextSwitch(m.events, m.cursor, -1)) },
  { keys: ["PageDown"], what: "twenty steps forward", act: (m) => m.go(m.cursor + 20) },
  { keys: ["PageUp"], what: "twenty steps back", act: (m) => m.go(m.cursor - 20) },
  { keys: ["Home"], what: "to the first event", act: (m) => m.go(0) },
  { keys: ["End"], what: "to the last event", act: (m) => m.go(m.events.events.length - 1) },
  { keys: ["f"], what: "to the failure", act: (m) => m.go(m.failure) },
  { keys: ["/"], what: "search", act: (m) => m.search() },
  { keys: ["n"], what: "run to the next match", act: (m) => to(m, nextMatch(m.matches, m.cursor, 1)) },
  { keys: ["N"], what: "back to the last match", act: (m) => to(m, nextMatch(m.matches, m.cursor, -1)) },
  { keys: ["+", "="], what: "zoom in", act: (m) => m.zoom(0.6) },
  { keys: ["-"], what: "zoom out", act: (m) => m.zoom(1 / 0.6) },
  { keys: ["c"], what: "compare with the passing run", act: (m) => m.compare() },
  { keys: ["d"], what: "to the first difference", act: (m) => to(m, m.difference) },
  { keys: ["?"], what: "this help", act: (m) => m.toggleHelp() },
];

/** What a key means; null: nothing here, or somebody types. */
export function commandOf(event: KeyboardEvent): Command | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const { target } = event;
  if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return null;
  const name = event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key;
  return COMMANDS.find(({ keys }) => keys.includes(name)) ?? null;
}

/** Does it. */
export const perform = ({ act }: Command, moves: Moves): void => act(moves);
