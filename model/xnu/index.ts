/** What scenarios and properties see of XNU; entered through `model/index.ts`. */
import { wakeup, wakeup_one } from "./kern/kern_synch.ts";
import { m_adj, m_free, m_freem, m_gethdr, m_prepend } from "./kern/uipc_mbuf.ts";
import { if_down, if_up } from "./net/dlil_detach.ts";

/** Routines that the other system has too. A bundler calls one of two differently; reports call both by their name. */
export const XNU_NAMESAKES = { wakeup, wakeup_one, m_adj, m_free, m_freem, m_gethdr, m_prepend, if_down, if_up } as const;

export { bootXnu } from "./boot.ts";
export { XNU_PARAMS, Xnu, nanouptime, type Completion, type Delivered, type XnuErrnoRoutine, type XnuParams } from "./xnu.ts";
export {
  CSUM_UDP,
  MBUF_SC_NAMES,
  M_MCAST as XNU_M_MCAST,
  PKTF_FLOW_ADV,
  PKTF_FLOW_ID,
  PKTF_TX_COMPL_TS_REQ,
  XnuMbuf,
  type ServiceClass,
} from "./kern/mbuf.ts";
export { m_gethdr as xnu_m_gethdr } from "./kern/uipc_mbuf.ts";
export { bpf_attachd, bpf_detachd } from "./net/bpf.ts";
export { if_down as xnu_if_down, if_up as xnu_if_up, ifnet_detach } from "./net/dlil_detach.ts";
export { dlil_output, type LoRoute } from "./net/dlil_output.ts";
export { ifnet_set_throttle } from "./net/dlil_queue.ts";
export { LOOPBACK_CSUM } from "./net/if_loop.ts";
export { sysctl_dequeue_max, sysctl_dequeue_scidx, sysctl_sched_model } from "./net/if_loop_control.ts";
export {
  IFNET_SCHED_MODEL_DRIVER_MANAGED,
  IFNET_SCHED_MODEL_NORMAL,
  XnuIfnet,
  type Family,
} from "./net/if_var.ts";
