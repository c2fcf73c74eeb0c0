/* First reports: by phone and in writing, to those above. Promises: each is written down once, with
   its time, what was known then and how it stands against its limit; what is not made yet shows the
   time that is left. Must not know: which limit holds (the node says). */

import { post } from "./api.js";
import { ask } from "./ask.js";
import { now, readTime, stamp, writeTime } from "./clock.js";
import { button, el, labelled } from "./dom.js";
import { limitView, standing } from "./limits.js";
import { isForeign } from "./nodes.js";
import { deskTime } from "./pace.js";
import { REALM } from "./realm.js";
import { sameId } from "./requestforms.js";
import { takeDetail } from "./store.js";
import { OPEN_STATES, fieldName, listed, say } from "./words.js";

export const KINDS = {
  phone: gettext("First report by phone"),
  written: gettext("First report in writing"),
  followup: gettext("Follow-up report"),
  final: gettext("Final report"),
  supplement: gettext("Supplement"),
};
const TOLD = gettext("Told by the first report in writing.");
const TOLD_TO =
  REALM === "real"
    ? gettext("%(time)s to %(who)s, %(n)s minutes after receipt")
    : gettext("%(time)s to %(who)s, %(n)s minutes of the exercise after receipt");
const RECIPIENT = "belltower.recipient";

const minutesOf = (incident, at) =>
  Math.max(0, Math.ceil((deskTime(Date.parse(at)) - deskTime(Date.parse(incident.received_at))) / 60000));

/** One of the two first reports against its limit; `body` shows the one that was made. */
export function firstReport(kind, report, body, { incident, more, me }) {
  const limit = standing(kind, incident, more);
  const node = el(
    "div",
    { class: `first-report ${report ? "is-made" : ""}`, data: { report: kind } },
    el("h3", { text: KINDS[kind] }),
    body ?? el("p", { class: "meta", text: limit?.step?.kind === "met" ? TOLD : gettext("Not made yet.") }),
    limit && !(report && !limit.step) && el("p", { class: "limit" }, limitView(limit)),
  );
  const may = !isForeign(incident) && me.verbs.includes("incident.advance");
  if (!report && may && OPEN_STATES.includes(incident.state))
    node.append(
      el(
        "div",
        { class: "step-buttons" },
        button(
          kind === "phone" ? gettext("Write it down") : gettext("Already sent: write it down"),
          () => askReport(node, incident, kind),
        ),
      ),
    );
  return node;
}

/** A report that was written down. */
export function reportView({ reported_at: at, recipient, text, filled, lacking, author_name: author }, incident) {
  const all = filled.length + lacking.length;
  return [
    el("p", {
      text: say(TOLD_TO, {
        time: stamp(at),
        who: recipient,
        n: minutesOf(incident, at),
      }),
    }),
    el("p", {
      text: say(gettext("%(n)s of %(all)s elements"), { n: filled.length, all }),
    }),
    lacking.length
      ? el("p", {
          class: "open-elements",
          text: say(gettext("Open then: %(names)s"), { names: listed(lacking.map(fieldName)) }),
        })
      : null,
    text && el("p", { class: "line-text", text }),
    el("p", { class: "meta", text: author }),
  ];
}

function askReport(node, incident, kind) {
  const box = (tag, label, max, value = "") =>
    el(tag, { rows: tag === "textarea" ? 3 : null, maxlength: max, "aria-label": label, value });
  const recipient = box("input", gettext("To whom"), 120, remembered());
  const proposed = writeTime(new Date(now()).toISOString());
  const time = box("input", gettext("When"), 20, proposed);
  const text = box("textarea", gettext("What was said"), 4000);
  const idOf = sameId();
  ask(node, {
    title: KINDS[kind],
    lines: [gettext("What is known of the incident now is kept with it.")],
    extra: [labelled(recipient), labelled(time), labelled(text)],
    act: gettext("Write it down"),
    focus: recipient,
    send: async () => {
      const at = time.value === proposed ? new Date(now()).toISOString() : readTime(time.value);
      if (!recipient.value.trim()) {
        recipient.focus();
        throw new Error(gettext("Say to whom."));
      }
      if (!at) {
        time.focus();
        throw new Error(gettext("Write a time such as 17:20."));
      }
      const body = {
        kind,
        recipient: recipient.value.trim(),
        text: text.value.trim(),
        reported_at: at,
      };
      takeDetail(await post(`incidents/${incident.id}/reports`, { id: idOf(body), ...body }));
      remember(body.recipient);
    },
  });
}

function remembered() {
  try {
    return localStorage.getItem(RECIPIENT) ?? "";
  } catch {
    return "";
  }
}

function remember(recipient) {
  try {
    localStorage.setItem(RECIPIENT, recipient);
  } catch {
    // it is typed again next time
  }
}
