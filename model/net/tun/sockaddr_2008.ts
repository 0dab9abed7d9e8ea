/** `struct sockaddr` as `if_output` gets it: the family is a field that the driver may change. */
import { Struct, word, type Word } from "../../../sim/index.ts";
import type { Kernel } from "../../kernel.ts";


/** `struct sockaddr`, of 16 bytes. */
export class OutSockaddr extends Struct {
  readonly sa_len = 16;
  /** Shared where the address is one object for all writers, as that of `bpfwrite` is. */
  readonly sa_family: Word<number>;
  readonly sa_data: Uint8Array;

  constructor(k: Kernel, label: string, family: number, data: readonly number[] = []) {
    super(k.x, label);
    this.sa_family = word(this, family);
    this.sa_data = new Uint8Array(14);
    this.sa_data.set(data);
  }

  /** Its bytes, with this family. */
  bytes(family: number): Uint8Array {
    return Uint8Array.from([this.sa_len, family & 0xff, ...this.sa_data]);
  }
}
