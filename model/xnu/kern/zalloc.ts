/**
 * Zones.
 *
 * Mirrors: osfmk/kern/zalloc.c `zalloc`, `zfree`.
 * Left out: sizes and limits; memory is never reused, so that every access after the free is seen. That a zone cannot grow,
 * which `zalloc` of these zones reports by NULL, is a data choice where `XnuParams.zallocFails` allows it.
 */
import { fail, type Struct } from "../../../sim/index.ts";
import { mayBlock } from "./locks.ts";
import type { Xnu } from "../xnu.ts";

/** What of the zones is allocated: the zone and who allocated it where. */
export class Zones {
  readonly live = new Map<Struct, { readonly zone: string; readonly by: string; readonly site: number }>();
}

/** An element of the zone; null when there is no memory. Context: thread. Holds: no mutex in spin mode. Blocks: yes. */
export function zalloc<T extends Struct>(xnu: Xnu, zone: string, build: () => T): T | null {
  const { x, params, zones, shortage } = xnu;
  mayBlock(xnu, `zalloc from ${zone}`);
  if (shortage.strikes(params.zallocFails)) return null;
  const element = build();
  zones.live.set(element, { zone, by: x.current.name, site: x.recording.steps });
  return element;
}

/** Frees; every later access fails. Context: thread. Holds: no mutex in spin mode. Blocks: yes. */
export function zfree(xnu: Xnu, zone: string, element: Struct): void {
  const { x, zones } = xnu;
  mayBlock(xnu, `zfree to ${zone}`);
  const known = zones.live.get(element);
  if (known?.zone !== zone) {
    fail("Memory", "bad-free", `${element.label} freed to ${zone}, which it is not of`, [["by", x.current.name]]);
  }
  zones.live.delete(element);
  element.bury({
    label: element.label,
    facts: [
      ["allocated", `operation ${String(known.site)}, by ${known.by}`],
      ["freed", `operation ${String(x.recording.steps)}, by ${x.current.name}`],
    ],
    site: x.current.pendingAt,
  });
}
