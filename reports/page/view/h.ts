/** Preact's `h` with types that go with `exactOptionalPropertyTypes`. */
import { h as make, type ComponentChild, type VNode } from "preact";

interface Make {
  (element: string, attributes: Readonly<Record<string, unknown>> | null, ...children: readonly ComponentChild[]): VNode;
  <P>(component: (props: P) => VNode | null, props: P & { readonly key?: string | number }, ...children: readonly ComponentChild[]): VNode;
}

/** An element or a component. */
export const h = make as unknown as Make;
