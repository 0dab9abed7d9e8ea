/**
 * Error numbers.
 *
 * Mirrors: sys/sys/errno.h, the numbers that are used.
 */
export const ENOENT = 2;
export const ENXIO = 6;
export const EBUSY = 16;
export const EINVAL = 22;
/** The same number as EAGAIN: `tsleep` timed out. */
export const EWOULDBLOCK = 35;
export const EOPNOTSUPP = 45;
export const ENOBUFS = 55;
/** Not an error: a message will be replied to later. */
export const EASYNC = 99;
