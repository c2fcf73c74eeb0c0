/* Unread: what stands in a form's controls and cannot be read, like 25:99 for a time. Promises:
   nothing is saved while there is some, it is named where it stands, a draft keeps it as it was
   typed. Must not know: which controls a form has. */

import { fieldName, listed, say } from "./words.js";

const unreadable = (controls) => controls.filter((one) => one.problem?.());

/** Complain where something cannot be read and go to the first; why nothing is saved, or "". */
export function refused(controls) {
  const found = unreadable(controls);
  for (const one of controls) one.complain(one.problem?.() ?? "");
  found[0]?.focus();
  const fields = listed(found.map((one) => fieldName(one.name)));
  return fields && say(gettext("Nothing is saved yet: %(fields)s cannot be read."), { fields });
}

/** What cannot be read, as it was typed, by name; null when everything can. */
export function rawTexts(controls) {
  const found = unreadable(controls);
  return found.length ? Object.fromEntries(found.map((one) => [one.name, one.raw()])) : null;
}

/** Write it back. */
export function writeRaw(controls, texts) {
  for (const one of controls) if (texts && one.name in texts) one.writeRaw(texts[one.name]);
}
