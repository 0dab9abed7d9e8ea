/** A page of a run with very many events, and what is done with it in a browser. */
import { gzipSync } from "node:zlib";
import { pageHtml, type PageCode, type PageData } from "../../reports/index.ts";
import { longRun } from "../../reports/page/test-long-run.ts";

/** A page of a run with so many packets of two senders, and how many events it has. */
export function longPage(packets: number, code: PageCode): { readonly html: string; readonly events: number } {
  const { what, events, mark } = longRun(packets);
  const { scenario } = what;
  const { length } = events.events;
  const stackOf = Array.from({ length }, (_, i) => i % 2);
  const notes = { stacks: [[], ["netisr", "ifq_dispatch"]], places: [{ model: null, seed: null }], slice: [], evidence: [length - 1], stackOf, placeOf: stackOf.map(() => 0) };
  const data: PageData = {
    version: "0.0.0",
    report: { scenario, fingerprint: "", found: null, shrunk: null, failure: null },
    run: { title: "long run", what, token: "ilk1:long", mark, notes },
    neighbour: null,
    sources: [],
  };
  const head = { scenario, token: "ilk1:long", found: null, shrunk: null, failure: null, site: null };
  return { html: pageHtml(head, code, gzipSync(JSON.stringify(data)).toString("base64")), events: length };
}

/** Frames a second, in the worst half second of two, while something moves in every frame. `move`: JavaScript, with `part` from 0 to 1. */
export const framesWhile = (move: string): string => `(async () => {
  const steps = document.querySelector(".steps");
  const canvas = document.querySelector("canvas");
  const stamps = [];
  let i = 0;
  await new Promise((resolve) => {
    const start = performance.now();
    const frame = (now) => {
      stamps.push(now);
      const part = (now - start) / 2000;
      ${move};
      if (part < 1) requestAnimationFrame(frame); else resolve();
    };
    requestAnimationFrame(frame);
  });
  const late = stamps.filter((stamp) => stamp - stamps[0] > 500);
  return Math.min(...late.map((stamp) => stamps.filter((other) => other > stamp - 500 && other <= stamp).length * 2));
})()`;

/** The table of steps goes through the whole run. */
export const STEPS = "steps.scrollTop = part * steps.scrollHeight";
/** The lanes are moved and zoomed. */
export const LANES = `canvas.dispatchEvent(new WheelEvent("wheel", { deltaY: i++ % 60 < 45 ? 60 : -90, shiftKey: i % 3 === 0, bubbles: true, cancelable: true }))`;
/** A page without a script scrolls. */
export const STATIC = "scrollTo(0, part * document.documentElement.scrollHeight)";
