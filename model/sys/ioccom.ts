/**
 * How the number of a control request says what goes along with it: bytes copied in and out, group, number.
 *
 * Mirrors: sys/sys/ioccom.h.
 */
/** Bytes a request can carry at most, plus one. */
const IOCPARM_MAX = 1 << 13;
const IOCPARM_MASK = IOCPARM_MAX - 1;

/** Nothing goes along with it. */
const IOC_VOID = 0x20000000;
/** The kernel copies out to the user. */
export const IOC_OUT = 0x40000000;
/** The kernel copies in from the user. */
export const IOC_IN = 0x80000000;

const ioc = (inout: number, group: string, num: number, len: number): number =>
  (inout | ((len & IOCPARM_MASK) << 16) | (group.charCodeAt(0) << 8) | num) >>> 0;

export const _IO = (group: string, num: number): number => ioc(IOC_VOID, group, num, 0);
export const _IOR = (group: string, num: number, len: number): number => ioc(IOC_OUT, group, num, len);
export const _IOW = (group: string, num: number, len: number): number => ioc(IOC_IN, group, num, len);
export const _IOWR = (group: string, num: number, len: number): number => ioc(IOC_IN | IOC_OUT, group, num, len);

/** Bytes a request carries. */
export const IOCPARM_LEN = (cmd: number): number => (cmd >>> 16) & IOCPARM_MASK;
/** Whose request it is. */
export const IOCGROUP = (cmd: number): string => String.fromCharCode((cmd >>> 8) & 0xff);
