/* Entry line: type, Ctrl+Enter, done. Promises: what is typed is kept in this browser until
   the node has it; the same line sent twice is one entry; without a network it says so and
   loses nothing; it names the other nodes that will see the entry; "written" bubbles up when the
   node has it. Must not know: the timeline. */

import { post } from "./api.js";
import { button, el, uuid } from "./dom.js";
import { discard, keep, recall } from "./draft.js";
import { takePart } from "./store.js";
import { speak } from "./toast.js";
import { listed, say } from "./words.js";

const trouble = ({ status, code, fields, message }) => {
  if (status === 0)
    return gettext("No connection: kept here as a draft. Ctrl+Enter sends it later.");
  if (code === "same_id_other_content")
    return gettext("An earlier version was written down. Press again to add this one.");
  return Object.values(fields ?? {})[0] ?? message;
};

/** {element, focus, unsent(), showReaders(names)}. */
export function entryLine(incidentId) {
  const name = `entry.${incidentId}`;
  const kept = recall(name);
  let id = kept?.id ?? uuid();
  let sending = false;
  const note = el("span", { class: "meta", role: "status", text: kept ? gettext("Draft") : "" });
  const input = el("textarea", {
    rows: 1,
    maxlength: 10000,
    placeholder: gettext("Write an entry"),
    "aria-label": gettext("Entry"),
    value: kept?.text ?? "",
  });
  const send = button([gettext("Write down"), " ", el("kbd", { text: "Ctrl+Enter" })], submit, {
    class: "primary",
    title: gettext("Write down"),
    key: "Ctrl+Enter",
  });
  const readers = el("p", { class: "meta readers", hidden: true });
  const element = el(
    "form",
    { class: "entry-line", on: { submit: (event) => event.preventDefault() } },
    input,
    readers,
    el("div", { class: "foot-line" }, note, send),
  );

  const grow = () => {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight + 2, 160)}px`;
  };
  input.addEventListener("input", () => {
    grow();
    const text = input.value;
    if (!text.trim()) discard(name);
    else
      note.textContent = keep(name, { id, text })
        ? gettext("Draft kept")
        : gettext("This browser keeps no drafts");
    if (!text.trim()) note.textContent = "";
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation();
      submit();
    }
  });

  async function submit() {
    const text = input.value.trim();
    if (!text || sending) return input.focus();
    sending = true;
    send.disabled = true;
    note.className = "meta";
    try {
      takePart("entry", await post(`incidents/${incidentId}/entries`, { id, text }));
      discard(name);
      id = uuid();
      input.value = "";
      note.textContent = "";
      grow();
      speak(gettext("Written down"));
      element.dispatchEvent(new Event("written", { bubbles: true }));
    } catch (problem) {
      if (problem.code === "same_id_other_content") id = uuid(); // an answer was lost on the way
      note.className = "complaint";
      note.textContent = trouble(problem);
    } finally {
      sending = false;
      send.disabled = false;
    }
  }

  const showReaders = (names) => {
    readers.hidden = !names.length;
    readers.textContent = say(gettext("Will also be seen by: %(who)s"), { who: listed(names) });
  };

  requestAnimationFrame(grow);
  const unsent = () => input.value.trim() !== "";
  return { element, focus: () => input.focus(), unsent, showReaders };
}
