/**
 * Flags and types of kernel memory.
 *
 * Mirrors: sys/sys/malloc.h.
 */
/** Must not block, may fail. */
export const M_NOWAIT = 0x0001;
/** May block, never fails. */
export const M_WAITOK = 0x0002;
/** Cleared. */
export const M_ZERO = 0x0100;

/** `struct malloc_type`: here its short description. */
export type MallocType = string;
export const M_ALTQ: MallocType = "altq";
export const M_DEVBUF: MallocType = "devbuf";
export const M_IFADDR: MallocType = "ifaddr";
export const M_IFMADDR: MallocType = "ether_multi";
export const M_IFNET: MallocType = "ifnet";
export const M_LWKTMSG: MallocType = "lwkt message";
export const M_SIGIO: MallocType = "sigio";
export const M_RTABLE: MallocType = "routetbl";
export const M_TEMP: MallocType = "temp";
export const M_TUN: MallocType = "tun";
