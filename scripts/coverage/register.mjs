// Preloaded into every process and worker thread of the measurement: `--import` in NODE_OPTIONS.

import { register } from "node:module";

register("./hooks.mjs", import.meta.url);
