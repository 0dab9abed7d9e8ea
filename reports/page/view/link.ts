/** Links to a step: `#e12`. */
import { eventId } from "../../run-events.ts";

/** The event that a link names; null: none of this run. */
export function cursorInLink(hash: string, count: number): number | null {
  const [, digits] = /^#e(\d{1,9})$/.exec(hash) ?? [];
  return digits !== undefined && Number(digits) < count ? Number(digits) : null;
}

/** Makes the address of the page that of an event; some browsers refuse when it is changed too often, and nothing is lost then. */
export function linkTo(event: number): void {
  try {
    history.replaceState(null, "", `#${eventId(event)}`);
  } catch {
    return;
  }
}
