/** What a configuration file says. */

/** Usual values for the options of `interlock check`; an option on the command line wins. */
export interface CheckDefaults {
  /** `--scenario`: only scenarios whose name matches (`*` and `?`). */
  readonly scenario?: string | undefined;
  /** `--property`: arm only this property. */
  readonly property?: string | undefined;
  /** `--strategy`: `NAME[:k=v,...]` instead of the portfolio. */
  readonly strategy?: string | undefined;
  /** `--seed`: 0 to 999999999999999; drawn and printed when absent. */
  readonly seed?: number | undefined;
  /** `--runs`: total number of runs, 1 to 1000000000, divided over the plan. */
  readonly runs?: number | undefined;
  /** `--jobs`: worker threads, 0 to 256; as many as the machine has cores when absent. */
  readonly jobs?: number | undefined;
  /** `--run-timeout`: give a run up that takes longer, seconds, 1 to 86400. */
  readonly runTimeout?: number | undefined;
  /** `--worker-memory`: heap of a worker thread, MiB, 64 to 65536. */
  readonly workerMemory?: number | undefined;
  /** `--bail`: stop at the first new failure. */
  readonly bail?: boolean | undefined;
  /** `--variant`: check this variant of the model. */
  readonly variant?: string | undefined;
  /** `--reporter`, each. */
  readonly reporters?: readonly string[] | undefined;
  /** `--out`: folder for what reporters write, from the configuration file's folder. */
  readonly out?: string | undefined;
  /** `--regressions`: folder of failures to replay first and to keep new ones in; false: none. */
  readonly regressions?: string | false | undefined;
  /** `--stale`: what findings that no longer reproduce, and regressions that are stale, come to. */
  readonly stale?: "report" | "fail" | undefined;
  /** `--inconclusive`: what runs that hit a bound come to. */
  readonly inconclusive?: "report" | "fail" | undefined;
}

/**
 * The content of `interlock.config.{json,mjs,ts}`. Paths start from the file's folder.
 */
export interface ProjectConfig {
  /** For editors: where the JSON schema of this file is. */
  readonly $schema?: string | undefined;
  /** Modules that export drivers. */
  readonly drivers?: readonly string[] | undefined;
  /** Modules that export scenarios. */
  readonly scenarios?: readonly string[] | undefined;
  /** Modules that export properties; they are armed in addition to the stock ones. */
  readonly properties?: readonly string[] | undefined;
  /** `--stock`: check the stock scenarios too where the project has scenarios of its own. Default: false. */
  readonly stock?: boolean | undefined;
  /** Usual values for the options of `interlock check`. */
  readonly check?: CheckDefaults | undefined;
}
