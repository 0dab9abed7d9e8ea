/**
 * Error numbers.
 *
 * Mirrors: sys/sys/errno.h, the numbers that are used.
 */
/** Not allowed. */
export const EPERM = 1;
export const ENOENT = 2;
/** No such process; no such route. */
export const ESRCH = 3;
/** A signal ended the sleep. */
export const EINTR = 4;
/** It went wrong on the way. */
export const EIO = 5;
/** The device is not there, or not any more. */
export const ENXIO = 6;
/** No such file is open. */
export const EBADF = 9;
/** No memory. */
export const ENOMEM = 12;
/** Not an address of the process. */
export const EFAULT = 14;
/** It is in use. */
export const EBUSY = 16;
/** It is there already. */
export const EEXIST = 17;
/** This kind of device cannot. */
export const ENODEV = 19;
/** The request makes no sense to whom it is put. */
export const EINVAL = 22;
/** The device does not know the request. */
export const ENOTTY = 25;
/** No unit left. */
export const ENOSPC = 28;
/** The same number as EAGAIN: `tsleep` timed out. */
export const EWOULDBLOCK = 35;
/** Longer than one message may be. */
export const EMSGSIZE = 40;
/** The operation is not supported. */
export const EOPNOTSUPP = 45;
/** No such address family here. */
export const EAFNOSUPPORT = 47;
/** No interface has the address. */
export const EADDRNOTAVAIL = 49;
/** The interface is down. */
export const ENETDOWN = 50;
/** No room: the queue is full, or no memory. */
export const ENOBUFS = 55;
/** The string has no end within the limit. */
export const ENAMETOOLONG = 63;
/** Nobody takes packets there. */
export const EHOSTDOWN = 64;
/** Not an error: the system call is to be made again. */
export const ERESTART = -1;
/** Not an error: a message will be replied to later. */
export const EASYNC = 99;
