/**
 * Error numbers.
 *
 * Mirrors: sys/sys/errno.h, the numbers the interface layer uses.
 */
export const EPERM = 1;
export const ENOENT = 2;
export const EINTR = 4;
export const EIO = 5;
export const ENXIO = 6;
export const ENOMEM = 12;
export const EFAULT = 14;
export const EBUSY = 16;
export const EEXIST = 17;
export const ENODEV = 19;
export const EINVAL = 22;
export const ENOTTY = 25;
export const ENOSPC = 28;
export const EAGAIN = 35;
/** The same number as EAGAIN: `tsleep` timed out. */
export const EWOULDBLOCK = EAGAIN;
export const EOPNOTSUPP = 45;
export const EAFNOSUPPORT = 47;
export const EADDRNOTAVAIL = 49;
export const ENETDOWN = 50;
export const ENOBUFS = 55;
export const EISCONN = 56;
export const ENAMETOOLONG = 63;
/** Not an error: a message will be replied to later. */
export const EASYNC = 99;
