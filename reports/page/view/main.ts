/** The view half of a page: unpacks the data, runs the run again, and shows it. */
import { render } from "preact";
import { h } from "./h.ts";
import type { PageData, PageEngine, PageMark, PageRun } from "../../html/page-data.ts";
import { annotated, differences } from "../../html/notes.ts";
import { App } from "./app.ts";
import { modelOf, type RunModel } from "./model.ts";
import { preparePrinting } from "./print.ts";
import { currentTheme, onTheme, themeButton } from "./theme.ts";
import { unpacked } from "./unpack.ts";

/** The engine half leaves this behind. */
declare const interlockEngine: { readonly engine: PageEngine };

/** What the page came to, for those who ask it from outside. */
interface Told {
  mark?: PageMark;
  events?: number;
  error?: string;
}

const told: Told = {};
Object.assign(globalThis, { interlock: told });

const element = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
};

function executed(engine: PageEngine, run: PageRun): { readonly model: RunModel; readonly mark: PageMark; readonly differs: readonly string[] } {
  const { events, mark } = engine.replay(run.what);
  const differs = differences(mark, run.mark);
  return { model: modelOf(run, differs.length === 0 ? annotated(events, run.notes) : events), mark, differs };
}

function sayExecuted({ steps, switches, log }: PageMark, differs: readonly string[], count: number): void {
  const status = element("status");
  status.className = differs.length === 0 ? "same" : "differs";
  status.textContent = differs.length === 0
    ? `Re-executed in this page: ${String(steps)} steps, ${String(switches)} switches, ${String(count)} events behind the boot; log ${log}, the same run to the bit.`
    : `Re-executed in this page, and it came out differently than when the report was written: ${differs.join("; ")}.`;
}

async function main(): Promise<void> {
  element("theme").append(themeButton());
  const data = await unpacked<PageData>(element("data").textContent);
  // The head is on the screen before the run begins.
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const { engine } = interlockEngine;
  const { model, mark, differs } = executed(engine, data.run);
  told.mark = mark;
  told.events = model.events.events.length;
  sayExecuted(mark, differs, model.events.events.length);
  const { neighbour } = data;
  let compared: RunModel | null = null;
  const makeNeighbour = neighbour === null ? null : (): RunModel => (compared ??= executed(engine, neighbour).model);
  const show = (): void => render(h(App, { data, engine, run: model, neighbour: makeNeighbour, theme: currentTheme() }), element("app"));
  onTheme(show);
  show();
  preparePrinting(model);
}

main().catch((error: unknown) => {
  told.error = String(error);
  const status = element("status");
  status.className = "differs";
  status.textContent = `The run could not be executed in this page: ${String(error)}`;
});
