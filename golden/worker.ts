/** The golden runs as a web worker: gets entries as text, answers with what differs, as text. */
import { readGolden, type WorkerAnswer } from "./format.ts";
import { differences } from "./perform.ts";

/** All that is asked of the global object of a worker. */
interface WorkerScope {
  onmessage: (event: { readonly data: string }) => void;
  postMessage(text: string): void;
}

const scope = globalThis as unknown as WorkerScope;

function answer(text: string): WorkerAnswer {
  try {
    return { differences: readGolden(text).flatMap(differences) };
  } catch (error) {
    return { error: String(error) };
  }
}

scope.onmessage = ({ data }) => {
  scope.postMessage(JSON.stringify(answer(data)));
};
