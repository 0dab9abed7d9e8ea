/** tun(4) of 2008, for scenarios: the driver, and the environment it stands in. */
export { tunattach } from "./if_tun.ts";
export * from "./if_tunvar.ts";
export { Ifnet2008, BpfIf, NETISR_IP, NETISR_IPV6, type Heard, type IfrData, type InputWatcher } from "./ifnet_2008.ts";
export { altqEnable, tbrRefill, type TbRegulator } from "./ifq_2008.ts";
export { OutSockaddr } from "./sockaddr_2008.ts";
export { ifconfig, type Ifconfig } from "./ifconfig_2008.ts";
export { SIOCGIFSTATUS } from "../../sys/sockio.ts";
export { FIOASYNC, FIONREAD, FIOSETOWN } from "../../sys/filio.ts";
export { bpfWrite } from "./bpf_2008.ts";
