/**
 * Flags of interfaces.
 *
 * Mirrors: sys/net/if.h `IFF_*`.
 */
/** Administratively up. */
export const IFF_UP = 0x1;
/** The driver has resources allocated and can transmit. */
export const IFF_RUNNING = 0x40;
/** A broadcast address is valid. */
export const IFF_BROADCAST = 0x2;
/** A link between two. */
export const IFF_POINTOPOINT = 0x10;
/** The interface manages its own routes. */
export const IFF_SMART = 0x20;
/** Receives all packets. */
export const IFF_PROMISC = 0x100;
/** Receives all multicast packets. */
export const IFF_ALLMULTI = 0x200;
const IFF_OACTIVE_COMPAT = 0x400;
/** Cannot hear its own transmissions. */
const IFF_SIMPLEX = 0x800;
/** Supports multicast. */
export const IFF_MULTICAST = 0x8000;
const IFF_POLLING_COMPAT = 0x10000;
/** A user wants it promiscuous. */
export const IFF_PPROMISC = 0x20000;
/** Polled instead of interrupting. */
export const IFF_NPOLLING = 0x100000;
/** Flags no user may change. */
export const IFF_CANTCHANGE =
  IFF_BROADCAST | IFF_POINTOPOINT | IFF_RUNNING | IFF_OACTIVE_COMPAT | IFF_SIMPLEX | IFF_MULTICAST | IFF_ALLMULTI |
  IFF_SMART | IFF_POLLING_COMPAT | IFF_NPOLLING;
