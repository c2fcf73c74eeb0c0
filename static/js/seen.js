/* Seen: which grave incidents this officer has looked at. Promises: an unverified Ⅰ or Ⅱ
   signals until it is opened here or verified by anybody; kept in this browser. Must not know:
   how it signals. */

import { keep, recall } from "./draft.js";

const NAME = "seen";
const MOST = 500;
const seen = new Set(recall(NAME) ?? []);

export const isUnseen = (incident) =>
  (incident.grade === 1 || incident.grade === 2) &&
  incident.state === "received" &&
  !seen.has(incident.id);

export function markSeen(id) {
  if (seen.has(id)) return;
  seen.add(id);
  keep(NAME, [...seen].slice(-MOST));
}
