/** The floors: the same programs as hand-written generators picked at random, nothing recorded or checked. */

type Thread = Generator<void, void, void>;

/** P1 by hand: a thread that meets a held lock turns in a circle (faster than keeping a list of waiters). */
export function lockedCounterByHand(): void {
  let held = false;
  let value = 0;
  function* thread(): Thread {
    for (let i = 0; i < 100; i++) {
      yield;
      while (held) yield;
      held = true;
      value++;
      yield;
      held = false;
    }
  }
  pickAtRandom([thread(), thread()]);
  if (value !== 200) throw new Error(`floor of P1 counted ${value}`);
}

/** P2 by hand. */
export function atomicWordsByHand(): void {
  const words = [0, 0, 0, 0];
  function* thread(i: number): Thread {
    for (let j = 0; j < 50; j++) {
      yield;
      const at = (i + j) & 3;
      words[at] = (words[at] as number) + 1;
    }
  }
  pickAtRandom([thread(0), thread(1), thread(2), thread(3)]);
  if (words[0] !== 50) throw new Error(`floor of P2 counted ${String(words[0])}`);
}

function pickAtRandom(threads: Thread[]): void {
  while (threads.length > 0) {
    const at = (Math.random() * threads.length) | 0;
    if ((threads[at] as Thread).next().done === true) threads.splice(at, 1);
  }
}
