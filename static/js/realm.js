/* Realm: the space in which this desk works, the real one or an exercise. Promises: known before
   anything else runs; in an exercise only the nodes that take part are offered. Must not know: what
   an exercise is. */

import { meta } from "./dom.js";

export const REALM = meta("realm") || "real";
const nodes = new Set((meta("realm-nodes") ?? "").split(" "));

/** May something of this realm go to that node? */
export const mayGo = (node) => REALM === "real" || nodes.has(node);
