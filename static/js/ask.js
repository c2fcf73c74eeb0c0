/* Ask: a question at the end of an element, with its answers. Promises: it says what will happen
   before it happens; one question at a time in a section; one that took time to prepare stands in
   what was drawn in its host's place meanwhile; nothing is drawn anew while it stands,
   unless it takes no words and the incident has changed hands, as by its own lost answer;
   "ask" and "asked" bubble up where it begins and ends; a refusal is shown in words and the
   question stays. Must not know: what is asked. */

import { button, el } from "./dom.js";

/** `lines` say what it means, `extra` are controls; `send()` does it. `takes`: it takes something
 * away; `careful`: the answer that does nothing has the focus; `focus`: the control that has it. */
export function ask(host, question) {
  const { title, lines = [], extra, act, send, takes = false, careful = false, focus } = question;
  const place = placeOf(host);
  if (!place) return; // the officer has gone elsewhere meanwhile
  place.closest("section").querySelector(".ask")?.remove();
  const trouble = el("p", { class: "complaint", role: "alert" });
  const close = () => {
    const parent = form.parentElement;
    form.remove();
    parent?.dispatchEvent(new Event("asked", { bubbles: true }));
  };
  const submit = async (event) => {
    event.preventDefault();
    if (yes.disabled) return;
    yes.disabled = true;
    try {
      await send();
      close();
    } catch (problem) {
      yes.disabled = false;
      trouble.textContent = Object.values(problem.fields ?? {})[0] ?? problem.message;
    }
  };
  const yes = el("button", { type: "submit", class: takes ? "danger" : "primary", text: act });
  const no = button(gettext("Cancel"), close);
  const form = el(
    "form",
    {
      class: "ask",
      on: {
        submit,
        keydown: (event) => {
          if (event.key === "Enter" && event.ctrlKey && !careful) {
            event.stopPropagation();
            form.requestSubmit();
          }
          if (event.key !== "Escape") return;
          event.stopPropagation();
          close();
        },
      },
    },
    el("strong", { text: title }),
    lines.some(Boolean) &&
      el("ul", { class: "says" }, lines.filter(Boolean).map((text) => el("li", { text }))),
    extra,
    trouble,
    el("div", { class: "answers" }, yes, no),
  );
  place.append(form);
  form.dispatchEvent(new Event("ask", { bubbles: true }));
  form.scrollIntoView({ block: "nearest" });
  (focus ?? (careful ? no : yes)).focus();
}

/** The host or, where a change has drawn it anew, its successor, which has the same `data-asks`. */
const placeOf = (host) =>
  host.isConnected ? host : host.dataset.asks ? document.querySelector(`[data-asks="${host.dataset.asks}"]`) : null;
