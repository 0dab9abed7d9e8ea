/**
 * Error numbers.
 *
 * Mirrors: sys/sys/errno.h, the numbers that are used.
 */
export const ENOENT = 2;
/** The device is not there, or not any more. */
export const ENXIO = 6;
/** It is in use. */
export const EBUSY = 16;
/** The request makes no sense to whom it is put. */
export const EINVAL = 22;
/** The same number as EAGAIN: `tsleep` timed out. */
export const EWOULDBLOCK = 35;
/** The operation is not supported. */
export const EOPNOTSUPP = 45;
/** No room: the queue is full, or no memory. */
export const ENOBUFS = 55;
/** Not an error: a message will be replied to later. */
export const EASYNC = 99;
