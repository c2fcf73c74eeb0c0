/* Drafts: what an officer is writing, kept in this browser until it is saved or thrown away.
   Promises: survives a reload, a sign-out by the node and a lost network; another officer on
   the same machine never sees it, nor another realm. Must not know: what is written. */

import { byId, meta } from "./dom.js";
import { REALM } from "./realm.js";

const owner = JSON.parse(byId("me").textContent).username;
const space = REALM === "real" ? meta("node") : `${meta("node")}.${REALM}`;
const key = (name) => `belltower.draft.${space}.${owner}.${name}`;

/** Keep a draft; false where the browser will not. */
export function keep(name, value) {
  try {
    localStorage.setItem(key(name), JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** The kept value, or null. */
export function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(key(name)));
  } catch {
    return null;
  }
}

export function discard(name) {
  try {
    localStorage.removeItem(key(name));
  } catch {
    // nothing was kept
  }
}
