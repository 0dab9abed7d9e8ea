/** `races.json`: linear traces with the verdict of a race detector. */
import { entry, list, member, text, type Entry } from "./entry.ts";

/** The entries of a file. Throws `Malformed`. */
export function readRaces(file: unknown): readonly Entry[] {
  return list(file, "the file").map((value, i) => {
    const where = `[${String(i)}]`;
    list(member(value, "events", where), `${where}: events`);
    return entry(text(value, "name", where), () => ({ verdict: "unsupported", lines: ["race traces"] }));
  });
}
