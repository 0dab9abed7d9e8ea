// Which cases the random tests draw, printed before the first of them.

const given = process.env["INTERLOCK_TEST_SEED"] ?? "1";
if (!/^\d{1,9}$/.test(given)) throw new Error(`INTERLOCK_TEST_SEED=${given}: give a seed of 1 to 9 digits`);

export const TEST_SEED = Number(given);

/** Called by the test runner, once. */
export function setup() {
  console.log(`random tests: seed ${TEST_SEED} (INTERLOCK_TEST_SEED)`);
}
