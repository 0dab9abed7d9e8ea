/** Light and dark: as the system has it, until somebody chooses. */
import type { Theme } from "./model.ts";

const dark = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

/** What is in force. */
export const currentTheme = (): Theme => ({ dark: (document.documentElement.dataset["theme"] ?? (dark.matches ? "dark" : "light")) === "dark" });

/** Calls back when it changes. */
export function onTheme(listener: () => void): void {
  listeners.add(listener);
  dark.addEventListener("change", listener);
}

/** A button that changes it. */
export function themeButton(): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  const name = (): void => {
    button.textContent = currentTheme().dark ? "light" : "dark";
  };
  button.addEventListener("click", () => {
    document.documentElement.dataset["theme"] = currentTheme().dark ? "light" : "dark";
    for (const listener of listeners) listener();
  });
  onTheme(name);
  name();
  return button;
}
