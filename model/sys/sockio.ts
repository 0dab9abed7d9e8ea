/**
 * Control requests of interfaces.
 *
 * Mirrors: sys/sys/sockio.h: the requests, not their encoded numbers.
 */
/** `if_flags` changed: the driver follows `IFF_UP`. */
export const SIOCSIFFLAGS = 16;
