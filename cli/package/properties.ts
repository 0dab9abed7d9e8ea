/** `interlock/properties`: what a property is, and what it looks at. */
export {
  PROPERTIES,
  subqueues,
  waiting,
  watchLock,
  type Always,
  type Broken,
  type Eventually,
  type Property,
  type Sometimes,
  type Subqueue,
} from "../../properties/index.ts";
