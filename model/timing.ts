/** What timed mode knows and adversarial mode does not: what things cost, and how fast the wire is. */
import { namedCosts, type NamedCosts } from "./costs.ts";

/** How a timed run differs from the usual one. */
export interface TimingOptions {
  readonly costs?: Partial<NamedCosts> | undefined;
  /** Speed of the link of every card, Mb/s, 1 to 100000. Default 1000. */
  readonly linkMbps?: number | undefined;
}

const LINK_MBPS = 1000;
/** IEEE 802.3: the least frame without its check sequence; preamble and start, check sequence, gap. */
const FRAME_MIN = 60;
const FRAME_OVERHEAD = 8 + 4 + 12;

/** The timing of one run. */
export class Timing {
  readonly costs: NamedCosts;
  readonly linkMbps: number;

  constructor({ costs, linkMbps }: TimingOptions) {
    this.costs = namedCosts(costs);
    this.linkMbps = linkMbps ?? LINK_MBPS;
  }

  /** How long a packet occupies the wire, ns: `len` bytes from the destination address to the end of the data. */
  frameNs(len: number): number {
    return Math.round((8000 * (Math.max(len, FRAME_MIN) + FRAME_OVERHEAD)) / this.linkMbps);
  }
}
