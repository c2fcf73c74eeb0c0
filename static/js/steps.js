/* Steps: the buttons of the state table. Promises: only steps that the state and the role
   allow; a step that needs a reason asks for it in place; a step taken from an old state shows
   the new one and takes nothing. Must not know: the table itself, which the node sends with
   each incident. */

import { get, post } from "./api.js";
import { combobox } from "./combobox.js";
import { button, el, fill } from "./dom.js";
import { searchIncidents } from "./filters.js";
import { all, takeDetail } from "./store.js";
import { stepName, STEPS_WITH_REASON } from "./words.js";

const ASIDE = ["dismiss", "refer", "merge", "reopen"]; // not the usual way on
let open = null; // {id, step, reason, into}: a form that is open, so that a redraw keeps it

export function stepBar(incident, me, { failed }) {
  const may = me.verbs.includes("incident.advance");
  const steps = incident.steps.filter(
    (step) => may && (step !== "archive" || me.verbs.includes("incident.archive")),
  );
  if (open?.id !== incident.id || !steps.includes(open?.step)) open = null;
  const node = el("div", { class: "steps" });
  const draw = () => {
    const buttons = steps.map((step, index) =>
      button(
        stepName(step),
        () => (STEPS_WITH_REASON.includes(step) ? ask(step) : take({ step })),
        {
          class:
            index === 0 && !ASIDE.includes(step) ? "primary" : ASIDE.includes(step) ? "bare" : "",
          data: { step },
          "aria-expanded": STEPS_WITH_REASON.includes(step) ? String(open?.step === step) : null,
        },
      ),
    );
    fill(
      node,
      el("div", { class: "step-buttons" }, buttons),
      open && reasonForm(incident, draw, take),
    );
  };
  const ask = (step) => {
    open = open?.step === step ? null : { id: incident.id, step, reason: "", into: null };
    draw();
    node.querySelector("input")?.focus();
  };
  const take = async (body) => {
    failed("");
    for (const one of node.querySelectorAll("button")) one.disabled = true;
    try {
      takeDetail(await post(`incidents/${incident.id}/steps`, { rev: incident.rev, ...body }));
      open = null;
    } catch (problem) {
      failed(Object.values(problem.fields ?? {})[0] ?? problem.message);
      if (problem.status === 409) await get(`incidents/${incident.id}`).then(takeDetail, () => {});
      draw();
    }
  };
  draw();
  return steps.length ? node : null;
}

function reasonForm(incident, draw, take) {
  const reason = el("input", {
    maxlength: 500,
    placeholder: gettext("Reason"),
    "aria-label": gettext("Reason"),
    value: open.reason,
    on: {
      input: () => {
        open.reason = reason.value;
      },
    },
  });
  const close = () => {
    open = null;
    draw();
  };
  const submit = () => {
    if (!reason.value.trim()) return reason.focus();
    if (open.step === "merge" && !open.into) return target.input.focus();
    take({
      step: open.step,
      reason: reason.value.trim(),
      ...(open.into && { into: open.into.id }),
    });
  };
  const target =
    open.step === "merge" &&
    combobox({
      input: el("input", {
        placeholder: gettext("Merge into which incident"),
        "aria-label": gettext("Merge into which incident"),
        value: open.into ? `${open.into.number} ${open.into.title}` : "",
      }),
      find: async (text) =>
        searchIncidents(
          [...all()].filter((one) => one.id !== incident.id),
          text,
          8,
        ).map((one) => ({ label: one.title, hint: one.number, value: one })),
      choose: (one) => {
        open.into = one;
        target.input.value = `${one.number} ${one.title}`;
      },
      openOnFocus: true,
      empty: gettext("No such incident."),
    });
  return el(
    "form",
    {
      class: "reason",
      on: {
        submit: (event) => {
          event.preventDefault();
          submit();
        },
        keydown: (event) => {
          if (event.key === "Escape") {
            event.stopPropagation();
            close();
          }
        },
      },
    },
    target && target.element,
    reason,
    el(
      "div",
      { class: "answers" },
      el("button", { type: "submit", class: "primary", text: stepName(open.step) }),
      button(gettext("Cancel"), close),
    ),
  );
}
