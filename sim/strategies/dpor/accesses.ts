/** Who accessed which object, newest first: lists that grow and shrink with the trace. */
import { NOTHING, accessObject, type Deed } from "./deed.ts";
import { NONE, larger } from "./arrays.ts";

const FIRST_ACCESSES = 128;
const FIRST_OBJECTS = 256;

/** The accesses of the events of a trace, linked by object. */
export class Accesses {
  /** By access: what it was, its event, the access before to the same object. */
  what = new Int32Array(FIRST_ACCESSES);
  event = new Int32Array(FIRST_ACCESSES);
  before = new Int32Array(FIRST_ACCESSES);
  /** By object of an access: its last access. */
  last = new Int32Array(FIRST_OBJECTS).fill(NONE);
  /** By event: where its accesses begin. */
  #first = new Int32Array(FIRST_ACCESSES);

  /** Makes room for the objects of a deed. */
  fit({ access, further }: Deed): void {
    if (further !== null) for (const each of further) this.#fitObject(each);
    else this.#fitObject(access);
  }

  #fitObject(access: number): void {
    const object = access < 0 ? 0 : accessObject(access);
    const { length } = this.last;
    if (object < length) return;
    this.last = larger(this.last, object);
    this.last.fill(NONE, length);
  }

  /** Adds the accesses of the next event. */
  add({ access, further }: Deed, event: number): void {
    if (event + 1 >= this.#first.length) this.#first = larger(this.#first, event + 1);
    let end = this.#first[event] as number;
    if (further === null) {
      if (access !== NOTHING) this.#link(access, event, end++);
    } else for (const each of further) if (each > 0) this.#link(each, event, end++);
    this.#first[event + 1] = end;
  }

  #link(access: number, event: number, at: number): void {
    if (at >= this.what.length) {
      this.what = larger(this.what, at);
      this.event = larger(this.event, at);
      this.before = larger(this.before, at);
    }
    const object = accessObject(access);
    this.what[at] = access;
    this.event[at] = event;
    this.before[at] = this.last[object] as number;
    this.last[object] = at;
  }

  /** Takes the accesses of the last event off. */
  drop(event: number): void {
    for (let at = (this.#first[event + 1] as number) - 1; at >= (this.#first[event] as number); at--)
      this.last[accessObject(this.what[at] as number)] = this.before[at] as number;
  }
}
