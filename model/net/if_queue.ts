/**
 * Shape and limits of send queues.
 *
 * Mirrors: sys/net/if.c (seed 001 lines 3400 to 3441): `if_ring_count2`, `ifq_set_maxlen`, `ifq_mapsubq_*`.
 */
import type { Kernel } from "../kernel.ts";
import { KASSERT } from "../panic.ts";
import { ALTQ_SUBQ_INDEX_DEFAULT, type Ifaltq } from "./altq/if_altq.ts";

const powerof2 = (x: number): boolean => ((x - 1) & x) === 0;

/** Largest power of two that is no more than `cnt` (0 or less: `cnt_max`), `cnt_max` and the CPUs. Pure. */
export function if_ring_count2(k: Kernel, cnt: number, cnt_max: number): number {
  //@ 3403-3408
  const { ncpus2 } = k;
  let shift = 0;

  KASSERT(k, cnt_max >= 1 && powerof2(cnt_max), `invalid ring count max ${cnt_max}`);

  if (cnt <= 0) {
    //@ 3409
    cnt = cnt_max;
  }
  //@ 3410
  if (cnt > ncpus2) {
    //@ 3411
    cnt = ncpus2;
  }
  //@ 3412
  if (cnt > cnt_max) {
    //@ 3413
    cnt = cnt_max;
  }

  //@ 3415
  while (1 << (shift + 1) <= cnt) {
    //@ 3416
    ++shift;
  }
  //@ 3417-3422
  cnt = 1 << shift;

  KASSERT(
    k,
    cnt >= 1 && cnt <= ncpus2 && cnt <= cnt_max,
    `calculate cnt ${cnt}, ncpus2 ${ncpus2}, cnt max ${cnt_max}`,
  );
  return cnt;
}

/** Limit of the queue: what the driver asks for and what every CPU may stage. Context: the driver, before attach. */
export function ifq_set_maxlen(k: Kernel, ifq: Ifaltq, len: number): void {
  //@ 3428
  ifq.altq_maxlen.fixed = len + k.params.ncpus * k.params.ifsq_stage_cntmax;
}

/** Everybody transmits on the default subqueue. */
export function ifq_mapsubq_default(_ifq: Ifaltq, _cpuid: number): number {
  //@ 3434
  return ALTQ_SUBQ_INDEX_DEFAULT;
}

/** The low bits of the CPU number choose the subqueue. */
export function ifq_mapsubq_mask(ifq: Ifaltq, cpuid: number): number {
  //@ 3440
  return cpuid & ifq.altq_subq_mask.fixed;
}
