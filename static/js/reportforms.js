/* Report forms: writing a report from what was logged, signing it, returning it. Promises: what the
   officer typed outlives a reload; a figure that fell is asked about once and never refused; nothing
   is issued before it was read. Must not know: how reports are shown (reports.js). */

import { get, post } from "./api.js";
import { ask } from "./ask.js";
import { now, readTime, writeTime } from "./clock.js";
import { button, el, labelled } from "./dom.js";
import { discard, keep, recall } from "./draft.js";
import { KINDS } from "./firstreports.js";
import { sameId } from "./requestforms.js";
import { takeDetail, takePart } from "./store.js";
import { toast } from "./toast.js";
import { fieldName, FIGURES, listed, say } from "./words.js";

/** Write a report of this kind; `returned` is a draft that came back, whose words are kept. */
export async function askDraft(host, incident, kind, returned = null) {
  const propose = () => get(`incidents/${incident.id}/reports/next?kind=${kind}`);
  const proposed = await propose();
  const before = returned && (await get(`drafts/${returned.id}`).catch(() => null));
  const name = `report.${kind}.${incident.id}`;
  const kept = recall(name) ?? {};
  let source = { rev: kept.rev ?? before?.said_of ?? proposed.rev, covers: kept.covers ?? before?.covers ?? proposed.covers };
  let elements = kept.elements ?? before?.elements ?? proposed.elements; // that the words were made from
  const recipient = el("input", {
    maxlength: 120,
    "aria-label": gettext("To whom"),
    value: kept.recipient ?? before?.recipient ?? proposed.recipient,
  });
  const text = el("textarea", {
    rows: 10,
    maxlength: 10000,
    "aria-label": gettext("What it says"),
    value: kept.text ?? before?.text ?? proposed.text,
  });
  const save = () => keep(name, { text: text.value, recipient: recipient.value, elements, ...source });
  for (const control of [recipient, text]) control.addEventListener("input", save);
  const anew = button(
    gettext("Propose the words anew"),
    async () => {
      const fresh = await propose().catch(() => proposed);
      text.value = fresh.text;
      source = { rev: fresh.rev, covers: fresh.covers };
      elements = fresh.elements;
      discard(name);
      stale.hidden = true;
    },
    { class: "text" },
  );
  const stale = el("p", { class: "open-elements", role: "alert", hidden: true });
  const boxes = proposed.lacking.map((one) => unknownBox(one, before?.unknown.includes(one)));
  const doubt = fallenBox(proposed.contradictions);
  const idOf = sameId();
  ask(host, {
    title: KINDS[kind],
    lines: [
      gettext("It waits for a signature; nobody outside this node sees it before."),
      boxes.length > 0 && gettext("Open elements: tick what is unknown. It counts as said and stays listed as open."),
    ],
    extra: [
      boxes.length > 0 && el("div", { class: "unknown-boxes" }, boxes.map(({ element }) => element)),
      labelled(recipient),
      stale,
      text,
      anew,
      doubt.element,
    ],
    act: gettext("Submit for signature"),
    focus: text,
    send: async () => {
      for (const field of [recipient, text]) {
        if (field.value.trim()) continue;
        field.focus();
        throw new Error(say(gettext("%(field)s: say it."), { field: field.ariaLabel }));
      }
      const body = {
        kind,
        recipient: recipient.value.trim(),
        text: text.value.trim(),
        unknown: boxes.filter(({ box }) => box.checked).map(({ box }) => box.value),
        confirmed: doubt.confirmed(),
        ...source,
      };
      try {
        takePart("draft", await post(`incidents/${incident.id}/drafts`, { id: idOf(body), ...body }));
      } catch (problem) {
        if (problem.code === "contradicts_last") doubt.show((await propose()).contradictions);
        if (problem.code !== "stale_revision") throw problem;
        const fresh = await propose();
        source.rev = fresh.rev; // the officer has been told: pressing again is with this in view
        stale.textContent = saysChanged(elements, fresh.elements);
        stale.hidden = false;
        elements = fresh.elements;
        save();
        doubt.show(fresh.contradictions);
        throw problem;
      }
      discard(name);
      toast(gettext("It waits for a signature."));
    },
  });
}

function unknownBox(name, checked) {
  const box = el("input", { type: "checkbox", value: name, checked: Boolean(checked) });
  const text = say(gettext("%(field)s: unknown"), { field: fieldName(name) });
  return { box, element: el("label", { class: "tick-box" }, box, " ", el("span", { text })) };
}

/** Figures that fell since the last report, which a person says are right. */
function fallenBox(fallen) {
  const box = el("input", { type: "checkbox" });
  const words = el("span", {});
  let shown = [];
  const element = el("label", { class: "tick-box open-elements", hidden: true }, box, " ", words);
  const show = (all) => {
    shown = all;
    box.checked = false; // what was confirmed was another figure
    const texts = all.map((one) => `${FIGURES[one.name]} ${one.before} → ${one.now}`);
    words.textContent = say(gettext("Lower than in the last report, and right so: %(what)s"), {
      what: listed(texts),
    });
    element.hidden = !all.length;
  };
  show(fallen);
  const confirmed = () =>
    box.checked ? Object.fromEntries(shown.map((one) => [one.name, one.now])) : {};
  return { element, show, confirmed };
}

function saysChanged(before, now) {
  const names = Object.keys(now).filter((one) => JSON.stringify(now[one]) !== JSON.stringify(before[one]));
  return say(gettext("Changed while this was written: %(names)s. Check the words and submit again."), {
    names: listed(names.map(fieldName)),
  });
}

/** What the incident says otherwise since a draft was submitted; "" where nothing changed. */
export function saysSince(since) {
  const names = Object.keys(since);
  if (!names.length) return "";
  return say(gettext("Changed after it was submitted, not in this report: %(names)s"), {
    names: listed(names.map(fieldName)),
  });
}

/** Sign a draft that was read; who may not sign says who approved it. */
export async function askSignature(host, draft, me) {
  const { since } = await get(`drafts/${draft.id}`);
  const signs = me.verbs.includes("report.sign");
  const name = el("input", { maxlength: 60, "aria-label": gettext("Approved by") });
  const time = el("input", {
    maxlength: 20,
    "aria-label": gettext("Approved at"),
    value: writeTime(new Date(now()).toISOString()),
  });
  const readBack = el("input", { type: "checkbox" });
  const said = gettext("I read it out, and the leader approved it as it is");
  const oral = [labelled(name), labelled(time), el("label", { class: "tick-box" }, readBack, " ", said)];
  ask(host, {
    title: signs ? gettext("Sign and issue") : gettext("Issue on oral approval"),
    lines: [
      saysSince(since),
      gettext("It is issued as it was submitted and never changes."),
      gettext("Every node that holds the incident gets it."),
    ],
    extra: signs ? null : oral,
    act: signs ? gettext("Sign and issue") : gettext("Issue on oral approval"),
    focus: signs ? null : name,
    send: async () => {
      const body = signs ? {} : { oral_name: name.value.trim(), oral_at: readTime(time.value) };
      if (!signs && !body.oral_name) {
        name.focus();
        throw new Error(gettext("Say who approved it."));
      }
      if (!signs && !body.oral_at) {
        time.focus();
        throw new Error(gettext("Write a time such as 17:20."));
      }
      if (!signs && !readBack.checked) {
        readBack.focus();
        throw new Error(gettext("It has to be read out first."));
      }
      takeDetail(await post(`drafts/${draft.id}/signature`, body));
      toast(gettext("The report is issued."));
    },
  });
}

/** Send a draft back, with the reason. */
export async function askReturn(host, draft) {
  const reason = el("textarea", {
    rows: 2,
    maxlength: 500,
    "aria-label": gettext("Why it is returned"),
    placeholder: gettext("Why it is returned"),
  });
  ask(host, {
    title: gettext("Return"),
    extra: reason,
    act: gettext("Return"),
    focus: reason,
    send: async () => {
      if (!reason.value.trim()) {
        reason.focus();
        throw new Error(gettext("Say why."));
      }
      takePart("draft", await post(`drafts/${draft.id}/return`, { reason: reason.value.trim() }));
    },
  });
}

/** Take a draft back; its words are offered for the next one. */
export async function askBack(host, draft) {
  ask(host, {
    title: gettext("Take back"),
    lines: [gettext("Its words stay for the next draft.")],
    act: gettext("Take back"),
    careful: true,
    send: async () => takePart("draft", await post(`drafts/${draft.id}/withdrawal`, {})),
  });
}
