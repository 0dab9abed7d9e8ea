/**
 * Control requests of any file, and of terminals as far as other devices take them.
 *
 * Mirrors: sys/sys/filio.h, sys/sys/ttycom.h.
 */
import { _IOR, _IOW } from "./ioccom.ts";

export const FIOGETOWN = _IOR("f", 123, 4);
export const FIOSETOWN = _IOW("f", 124, 4);
export const FIOASYNC = _IOW("f", 125, 4);
/** Sets non-blocking mode; never reaches the driver. */
export const FIONBIO = _IOW("f", 126, 4);
export const FIONREAD = _IOR("f", 127, 4);
export const TIOCSPGRP = _IOW("t", 118, 4);
export const TIOCGPGRP = _IOR("t", 119, 4);
