/**
 * A worker that has the language and nothing else: no `process`, no `require`, no clock, no evaluation of text.
 * Less than any browser gives to a worker of a page with a strict content security policy.
 */
import vm from "node:vm";

/** A running worker script. */
export interface Sandbox {
  /** Hands it a message, and answers with what it posts. Text goes in and out: no object of ours gets inside. */
  ask(text: string): string;
  /** The value of an expression inside, as text. */
  peek(expression: string): string;
}

/**
 * What a worker script finds: a global object that is its own `self`, and a way out. fast-check reads the timers of a
 * worker when it is loaded; whoever called one would wait for ever.
 */
const SCOPE = `
  globalThis.self = globalThis;
  globalThis.setTimeout = () => { throw new Error("a run waits for the clock"); };
  globalThis.clearTimeout = globalThis.setTimeout;
  globalThis.onmessage = null;
  globalThis.posted = [];
  globalThis.postMessage = (text) => { posted.push(text); };
`;

/** Starts a script in a realm of its own. */
export function startSandbox(script: string, name: string): Sandbox {
  const realm = vm.createContext(Object.create(null) as vm.Context, {
    name,
    codeGeneration: { strings: false, wasm: false },
  });
  const evaluate = (source: string, filename = name): unknown => vm.runInContext(source, realm, { filename });
  evaluate(SCOPE);
  evaluate(script, `${name}.js`);
  return {
    ask(text) {
      evaluate(`onmessage({ data: ${JSON.stringify(text)} })`);
      const answer = evaluate("posted.shift()");
      if (typeof answer !== "string") throw new Error("the worker answered nothing");
      return answer;
    },
    peek: (expression) => String(evaluate(`String(${expression})`)),
  };
}
