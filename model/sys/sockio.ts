/**
 * Control requests of interfaces.
 *
 * Mirrors: sys/sys/sockio.h; the sizes of what they carry are those of sys/net/if.h on a machine with pointers of
 * 8 bytes.
 */
import { _IOR, _IOW, _IOWR } from "./ioccom.ts";

/** `sizeof` what requests carry, bytes. */
export const SIZEOF_IFREQ = 32;
export const SIZEOF_IFCONF = 16;
export const SIZEOF_IFALIASREQ = 64;
export const SIZEOF_IF_LADDRREQ = 280;
export const SIZEOF_IFMEDIAREQ = 48;
export const SIZEOF_IFDRV = 40;
export const SIZEOF_IFSTAT = 824;
export const SIZEOF_IF_CLONEREQ = 16;
export const SIZEOF_IFGROUPREQ = 40;

const w = (num: number): number => _IOW("i", num, SIZEOF_IFREQ);
const wr = (num: number): number => _IOWR("i", num, SIZEOF_IFREQ);

/** Not about an interface: the low watermark of a socket. */
export const SIOCGLOWAT = _IOR("s", 3, 4);

// -- addresses: the protocol's ------------------------------------------------------------------------
export const SIOCSIFADDR = w(12);
export const OSIOCGIFADDR = wr(13);
export const SIOCSIFDSTADDR = w(14);
export const OSIOCGIFDSTADDR = wr(15);
export const OSIOCGIFBRDADDR = wr(18);
export const SIOCSIFBRDADDR = w(19);
export const OSIOCGIFCONF = _IOWR("i", 20, SIZEOF_IFCONF);
export const OSIOCGIFNETMASK = wr(21);
export const SIOCSIFNETMASK = w(22);
export const SIOCDIFADDR = w(25);
export const SIOCAIFADDR = _IOW("i", 26, SIZEOF_IFALIASREQ);
export const SIOCGIFADDR = wr(33);
export const SIOCGIFDSTADDR = wr(34);
export const SIOCGIFBRDADDR = wr(35);
export const SIOCGIFCONF = _IOWR("i", 36, SIZEOF_IFCONF);
export const SIOCGIFNETMASK = wr(37);

// -- the interface's ------------------------------------------------------------------------------------
/** `if_flags` changed: the driver follows `IFF_UP`. */
export const SIOCSIFFLAGS = w(16);
export const SIOCGIFFLAGS = wr(17);
export const SIOCGIFMETRIC = wr(23);
export const SIOCSIFMETRIC = w(24);
export const SIOCSIFCAP = w(30);
export const SIOCGIFCAP = wr(31);
export const SIOCGIFINDEX = wr(32);
export const SIOCGIFDATA = wr(38);
export const SIOCSIFNAME = w(40);
/** The multicast filter changed: the driver follows. */
export const SIOCADDMULTI = w(49);
export const SIOCDELMULTI = w(50);
export const SIOCGIFMTU = wr(51);
export const SIOCSIFMTU = w(52);
export const SIOCGIFPHYS = wr(53);
export const SIOCSIFPHYS = w(54);
export const SIOCSIFMEDIA = wr(55);
export const SIOCGIFMEDIA = _IOWR("i", 56, SIZEOF_IFMEDIAREQ);
export const SIOCSIFGENERIC = w(57);
export const SIOCGIFGENERIC = wr(58);
export const SIOCGIFSTATUS = _IOWR("i", 59, SIZEOF_IFSTAT);
export const SIOCSIFLLADDR = w(60);
export const SIOCSIFPHYADDR = _IOW("i", 70, SIZEOF_IFALIASREQ);
export const SIOCGIFPSRCADDR = wr(71);
export const SIOCGIFPDSTADDR = wr(72);
export const SIOCDIFPHYADDR = w(73);
export const SIOCSLIFPHYADDR = _IOW("i", 74, SIZEOF_IF_LADDRREQ);
export const SIOCGLIFPHYADDR = _IOWR("i", 75, SIZEOF_IF_LADDRREQ);
/** `SIOCSIFPHYADDR` of netinet6/in6_var.h: an `in6_aliasreq`. */
export const SIOCSIFPHYADDR_IN6 = _IOW("i", 70, 128);
export const SIOCSIFPOLLCPU = w(125);
export const SIOCGIFPOLLCPU = wr(126);
export const SIOCSIFTSOLEN = w(127);
export const SIOCGIFTSOLEN = wr(128);

// -- clones ---------------------------------------------------------------------------------------------
export const SIOCIFGCLONERS = _IOWR("i", 120, SIZEOF_IF_CLONEREQ);
export const SIOCIFDESTROY = w(121);
export const SIOCIFCREATE = wr(122);
export const SIOCIFCREATE2 = wr(124);

// -- what a driver knows by itself ---------------------------------------------------------------------
export const SIOCSDRVSPEC = _IOW("i", 123, SIZEOF_IFDRV);
export const SIOCGDRVSPEC = _IOWR("i", 123, SIZEOF_IFDRV);
