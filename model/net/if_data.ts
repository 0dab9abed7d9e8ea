/**
 * What an interface has counted, per CPU.
 *
 * Mirrors: sys/net/if_var.h `struct ifdata_pcpu`.
 */
import { Struct, perCpuCounter, type Grave, type PerCpuCounter } from "../../sim/index.ts";
import type { Kernel } from "../kernel.ts";

/** `struct ifdata_pcpu`: what one CPU has counted. */
export class IfdataPcpu extends Struct {
  readonly ifd_ipackets: PerCpuCounter;
  readonly ifd_ierrors: PerCpuCounter;
  readonly ifd_opackets: PerCpuCounter;
  readonly ifd_oerrors: PerCpuCounter;
  readonly ifd_collisions: PerCpuCounter;
  readonly ifd_ibytes: PerCpuCounter;
  readonly ifd_obytes: PerCpuCounter;
  readonly ifd_imcasts: PerCpuCounter;
  readonly ifd_omcasts: PerCpuCounter;
  readonly ifd_iqdrops: PerCpuCounter;
  readonly ifd_noproto: PerCpuCounter;

  constructor(k: Kernel, label: string, cpuid: number) {
    super(k.x, label);
    const cpu = k.x.cpus[cpuid];
    if (cpu === undefined) throw new RangeError(`no cpu ${cpuid}`);
    this.ifd_ipackets = perCpuCounter(this, cpu);
    this.ifd_ierrors = perCpuCounter(this, cpu);
    this.ifd_opackets = perCpuCounter(this, cpu);
    this.ifd_oerrors = perCpuCounter(this, cpu);
    this.ifd_collisions = perCpuCounter(this, cpu);
    this.ifd_ibytes = perCpuCounter(this, cpu);
    this.ifd_obytes = perCpuCounter(this, cpu);
    this.ifd_imcasts = perCpuCounter(this, cpu);
    this.ifd_omcasts = perCpuCounter(this, cpu);
    this.ifd_iqdrops = perCpuCounter(this, cpu);
    this.ifd_noproto = perCpuCounter(this, cpu);
  }
}

/** The allocation behind `if_data_pcpu`. */
export class IfdataPcpuBlock extends Struct {
  readonly pcpu: readonly IfdataPcpu[];

  constructor(k: Kernel, label: string) {
    super(k.x, label);
    this.pcpu = k.x.cpus.map(({ id }) => new IfdataPcpu(k, `${label} ${id}`, id));
  }

  override bury(grave: Grave): void {
    super.bury(grave);
    for (const data of this.pcpu) data.bury(grave);
  }
}
