/** Somebody moves about: what takes long waits until that is over, so that nothing stutters. */

const CALM_MS = 350;
let last = -Infinity;

/** Called for every movement. */
export function moved(): void {
  last = performance.now();
}

/** Does something when it is calm, after `least` ms at the earliest; the function that is returned calls it off. */
export function whenCalm(least: number, what: () => void): () => void {
  let timer = setTimeout(look, least);
  function look(): void {
    const rest = last + CALM_MS - performance.now();
    if (rest <= 0) what();
    else timer = setTimeout(look, rest);
  }
  return () => clearTimeout(timer);
}
