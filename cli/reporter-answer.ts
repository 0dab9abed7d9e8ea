/** What a reporter's hook answered: waited for, but not for ever, and checked, since modules are not ours. */
import type { Output, Told } from "../reports/index.ts";

/** A hook that never answers must not take the verdict with it. */
const PATIENCE_MS = 60_000;

/** The answer, complete. Throws if it is late or cannot be carried out. */
export async function answerOf(told: Told): Promise<Required<Output>> {
  if (!(told instanceof Promise)) return checked(told);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${String(PATIENCE_MS / 1000)} s`)), PATIENCE_MS);
  });
  try {
    return checked(await Promise.race([told, late]));
  } finally {
    clearTimeout(timer);
  }
}

function checked(output: unknown): Required<Output> {
  if (output === undefined || output === null) return { print: [], files: {}, summary: "" };
  if (typeof output !== "object") throw new Error("a hook returns nothing or an object with print, files or summary");
  const { print = [], files = {}, summary = "" } = output as Readonly<Record<string, unknown>>;
  if (!Array.isArray(print) || !print.every(isText)) throw new Error("print must be an array of lines");
  if (!isTexts(files)) throw new Error("files must be an object with a text for each name");
  if (!isText(summary)) throw new Error("summary must be a text");
  return { print, files, summary };
}

const isText = (value: unknown): value is string => typeof value === "string";

const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === "object" && value !== null && Object.values(value).every(isText);
