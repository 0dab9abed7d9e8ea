/** `schedules-to-bug.json`: probabilities that were derived on clean models, and schedules until a bug that others recorded. */

/** What is derived of a program. */
export interface Derived {
  readonly name: string;
  readonly walk: { readonly probability: number; readonly executions: number; readonly wrong: number; readonly steps: number };
  /** By depth: the exact probability as a fraction, and as a number; none for large programs. */
  readonly pct: ReadonlyMap<number, { readonly fraction: string; readonly probability: number }>;
  /** From 200,000 samples of POS; null: none. */
  readonly pos: number | null;
}

/** Samples {@link Derived.pos} is from. */
export const POS_SAMPLES = 200_000;

interface File {
  readonly derived: {
    readonly random_walk: Readonly<Record<string, {
      readonly p_random_walk: number;
      readonly interleavings: number;
      readonly buggy_interleavings: number;
      readonly max_len: number;
    }>>;
    readonly pct_exact: Readonly<Record<string, Readonly<Record<string, unknown>> & { readonly pos_mc_200k: number }>>;
  };
  readonly fray: { readonly results: Results };
  readonly rff: { readonly results: Results };
}
type Results = Readonly<Record<string, Readonly<Record<string, { readonly median: number | null }>>>>;

/** The derived probabilities. Steps of the longest run are `max_len` - 1. */
export function derivedOf(file: unknown): readonly Derived[] {
  const { random_walk: walks, pct_exact: pct } = (file as File).derived; // a file of the project
  return Object.entries(walks).map(([title, walk]) => {
    const [name = title] = title.split(" ");
    const exact = pct[name];
    const depths = [1, 2, 3].flatMap((d) => {
      const triple = exact?.[`d=${String(d)}`] as readonly [string, number, number] | undefined;
      return triple === undefined ? [] : [[d, { fraction: triple[0], probability: triple[1] }] as const];
    });
    return {
      name,
      walk: {
        probability: walk.p_random_walk,
        executions: walk.interleavings,
        wrong: walk.buggy_interleavings,
        steps: walk.max_len - 1,
      },
      pct: new Map(depths),
      pos: exact?.pos_mc_200k ?? null,
    };
  });
}

/** Medians of schedules until the bug, as Fray and RFF recorded them; null where they did not. */
export function recordedMedian(file: unknown, source: "fray" | "rff", name: string, strategy: string): number | null {
  const { results } = (file as File)[source]; // a file of the project
  const key = Object.keys(results).find((each) => plain(each) === plain(name));
  return key === undefined ? null : (results[key]?.[strategy]?.median ?? null);
}

/** `CS.reorder_3_bad`, `CS/reorder_3` and `Reorder3` are one program. */
const plain = (name: string): string => name.replace(/^CS[./]|_bad$/g, "").replaceAll("_", "").toLowerCase();
