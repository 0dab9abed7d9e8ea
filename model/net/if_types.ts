/**
 * Kinds of interfaces.
 *
 * Mirrors: sys/net/if_types.h, those that the interface layer tells apart.
 */
export const IFT_ETHER = 0x6;
/** Obsolete, but looked for. */
export const IFT_XETHER = 0x1a;
export const IFT_PPP = 0x17;
export const IFT_LOOP = 0x18;
export const IFT_L2VLAN = 0x87;
export const IFT_IEEE8023ADLAG = 0xa1;
