// The seed of the random tests, before each file of tests: what fails once fails again. INTERLOCK_TEST_SEED draws other
// cases; a test that names a seed of its own keeps it.

import { configureGlobal } from "fast-check";
import { TEST_SEED } from "./test-seed.mjs";

configureGlobal({ seed: TEST_SEED });
