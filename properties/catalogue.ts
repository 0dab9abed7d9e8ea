/** Every property, by family. */
import { DISCIPLINE } from "./families/discipline.ts";
import { IF_START_INTERLOCK } from "./families/if-start-interlock.ts";
import { INTERFACE_ADDRESSES } from "./families/interface-addresses.ts";
import { INTERFACE_ARRAY } from "./families/interface-array.ts";
import { IOCTL } from "./families/ioctl.ts";
import { IPI } from "./families/ipi.ts";
import { LOOKUP_FAMILY } from "./families/lookups.ts";
import { LOOPBACK } from "./families/loopback.ts";
import { LOOPBACK_THREADS } from "./families/loopback-threads.ts";
import { MEMBERSHIPS } from "./families/memberships.ts";
import { MBUF_CONSERVATION } from "./families/mbuf-conservation.ts";
import { MEMORY } from "./families/memory.ts";
import { MESSAGES } from "./families/messages.ts";
import { ORDER } from "./families/order.ts";
import { QUEUE_LIMITS } from "./families/queue-limits.ts";
import { STAGING } from "./families/staging.ts";
import { STATISTICS } from "./families/statistics.ts";
import { TUN } from "./families/tun.ts";
import type { Property } from "./property.ts";

/** The catalogue, in the order of tables. */
export const PROPERTIES: readonly Property[] = [
  ...QUEUE_LIMITS,
  ...IF_START_INTERLOCK,
  ...INTERFACE_ARRAY,
  ...LOOKUP_FAMILY,
  ...INTERFACE_ADDRESSES,
  ...MBUF_CONSERVATION,
  ...MEMBERSHIPS,
  ...MEMORY,
  ...ORDER,
  ...IPI,
  ...IOCTL,
  ...MESSAGES,
  ...DISCIPLINE,
  ...STAGING,
  ...STATISTICS,
  ...LOOPBACK,
  ...LOOPBACK_THREADS,
  ...TUN,
];
