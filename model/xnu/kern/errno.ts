/**
 * Error numbers of XNU.
 *
 * Mirrors: bsd/sys/errno.h, the numbers that are used. They differ from those of the other kernel.
 */
export const ENXIO = 6;
export const ENODEV = 19;
export const EINVAL = 22;
/** Nothing to take. */
export const EAGAIN = 35;
export const ENETDOWN = 50;
export const ENETUNREACH = 51;
export const ENOBUFS = 55;
export const EHOSTUNREACH = 65;
/** The queue is full: the flow is to wait. */
export const EQFULL = 106;
/** The class is held back. */
export const EQSUSPENDED = -106;
/** Not an error: the packet is taken care of. */
export const EJUSTRETURN = -2;
