/** On paper there is no scrolling: the last steps are printed as a plain table. */
import { eventId } from "../../run-events.ts";
import { nameOf, type RunModel } from "./model.ts";

/** Three or four sheets. */
const ROWS_MOST = 160;

/** Prepares for printing, whenever it comes. */
export function preparePrinting(model: RunModel): void {
  let printed: HTMLElement | null = null;
  addEventListener("beforeprint", () => {
    printed ??= document.body.appendChild(tableOf(model));
  });
  addEventListener("afterprint", () => {
    printed?.remove();
    printed = null;
  });
}

function tableOf({ events }: RunModel): HTMLElement {
  const table = document.createElement("table");
  table.className = "printed";
  const first = Math.max(0, events.events.length - ROWS_MOST);
  const caption = table.createCaption();
  caption.textContent = first === 0 ? "All steps" : `The last ${String(ROWS_MOST)} steps`;
  const body = table.createTBody();
  for (let i = first; i < events.events.length; i++) {
    const event = events.events[i];
    if (event === undefined) continue;
    const row = body.insertRow();
    if (events.evidence.includes(i)) row.className = "evidence";
    const { cpu = null } = events.contexts[event.context] ?? {};
    const changes = event.changes.map(({ field, before, after }) => `${field}: ${before} → ${after}`).join("; ");
    for (const text of [eventId(i), cpu === null ? "" : `cpu ${String(cpu)}`, nameOf(events, event.context), event.text, changes, event.switched?.why ?? ""]) row.insertCell().textContent = text;
  }
  return table;
}
