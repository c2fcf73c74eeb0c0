/* Keys: from a pressed key to an action. Promises: single letters do nothing while a field has
   the focus or a modifier is held; Esc closes one thing at a time, the uppermost first. Must
   not know: what the actions do. */

import { helpIsOpen, KEYS } from "./help.js";

const FIELD = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
const OWN_ENTER = "button, a, summary, [role=option], [role=tab]";

/** `actions`: key (as in KEYS, "1" to "4" and "0" for grades) -> callback; plus save and grade(n). */
export function startKeys(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented || helpIsOpen()) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return run(event, actions.save);
    const digit = /^Digit([1-4])$/.exec(event.code)?.[1];
    if (event.altKey && digit) return run(event, () => actions.grade(Number(digit)));
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return run(event, actions.Escape);
    if (event.target.closest?.(FIELD)) return;
    if (event.key === "Enter" && event.target.closest?.(OWN_ENTER)) return;
    const arrows = { ArrowDown: "j", ArrowUp: "k" };
    const inList = event.target.closest?.(".rows");
    const key = inList
      ? event.key
      : (event.target === document.body && arrows[event.key]) || event.key;
    const action = /^[0-4]$/.test(key)
      ? () => actions.filter(Number(key))
      : actions[key.length === 1 ? key.toLowerCase() : key];
    if (
      action &&
      (/^[0-4]$/.test(key) ||
        KEYS.some(([known]) => known === (key.length === 1 ? key.toLowerCase() : key)))
    )
      run(event, action);
  });
}

function run(event, action) {
  if (!action) return;
  event.preventDefault();
  action();
}
