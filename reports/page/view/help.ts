/** The keys, in a dialog. */
import type { VNode } from "preact";
import { h } from "./h.ts";
import { useEffect, useRef } from "preact/hooks";
import { SEARCH_KEYS } from "../search.ts";
import { COMMANDS } from "./keys.ts";

const SHOWN: Readonly<Record<string, string>> = { ArrowRight: "→", ArrowLeft: "←", ArrowUp: "↑", ArrowDown: "↓", "Shift+ArrowRight": "⇧→", "Shift+ArrowLeft": "⇧←", "Shift+ArrowUp": "⇧↑", "Shift+ArrowDown": "⇧↓" };

/** The dialog. */
export function Help({ onClose }: { readonly onClose: () => void }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return h("dialog", { ref: dialog, class: "help", "aria-label": "Keys", onClose },
    h("h2", null, "Keys"),
    h("table", null, h("tbody", null, COMMANDS.map(({ keys, what }) =>
      h("tr", { key: what }, h("th", { scope: "row" }, keys.map((key) => h("kbd", { key }, SHOWN[key] ?? key))), h("td", null, what))))),
    h("p", null, "In the lanes: click for the cursor, drag to move, wheel to zoom, shift and wheel to move."),
    h("p", null, `A search is words that must all be there; -word for one that must not; ${SEARCH_KEYS.map((key) => `${key}:`).join(" ")} ask for one aspect, as in is:preemption.`),
    h("form", { method: "dialog" }, h("button", null, "close")));
}
