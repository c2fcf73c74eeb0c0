/* Requests: what other nodes ask the home of an incident for, and what it answers. Promises: what
   is not answered says so and shows its clock; only the home is offered to answer, only others are
   offered to ask; what is proposed is shown before it can be agreed to. Must not know: the forms
   (requestforms.js), how a home changes (homes.js). */

import { stamp } from "./clock.js";
import { plain } from "./changes.js";
import { button, el, fill } from "./dom.js";
import { due } from "./due.js";
import { mayTakeOver, takeOverButton } from "./homes.js";
import { line } from "./lines.js";
import { HERE, isForeign, nodeName, whenNodesChange } from "./nodes.js";
import { askAnswer, askRequest } from "./requestforms.js";
import { incident as known, on } from "./store.js";
import { speak, toast } from "./toast.js";
import { fieldName, say } from "./words.js";

const KINDS = { change: gettext("Change requested"), support: gettext("Support requested") };
const OUTCOMES = {
  accepted: gettext("Accepted"),
  partly: gettext("Accepted in part"),
  refused: gettext("Not accepted"),
};
const ANSWERS = {
  accepted: gettext("Accept"),
  partly: gettext("Accept in part"),
  refused: gettext("Refuse"),
};
export const kindName = (kind) => KINDS[kind] ?? kind;
export const outcomeName = (outcome) => OUTCOMES[outcome] ?? outcome;

let shown = null; // {node, draw}: the actions on the screen, drawn again when a link changes
whenNodesChange(() => {
  if (shown?.node.isConnected && !shown.node.parentElement.querySelector(".ask")) shown.draw();
});

const asking = new Map(); // id of a request -> what closes its notice

/** Say what arrives about the incidents of this node, and what is answered to it. */
export function startRequests({ open }) {
  on("activity", ({ type, item }) => {
    const about = known(item.incident);
    const act = [gettext("Open the incident"), () => open(item.incident)];
    if (type === "request.answered") asking.get(item.request)?.();
    if (!about) return;
    const said = { name: nodeName(item.home), title: about.title };
    if (type === "request.made" && item.home !== HERE && !isForeign(about)) {
      const text =
        item.kind === "support"
          ? gettext("%(name)s asks for support: %(title)s")
          : gettext("%(name)s asks for a change: %(title)s");
      asking.set(item.id, toast(say(text, said), { act, stays: true }));
      speak(say(text, said));
    } else if (type === "request.answered" && item.home !== HERE) {
      const text = say(gettext("%(name)s answered: %(title)s"), said);
      toast(`${text} · ${outcomeName(item.outcome)}`, { act });
    }
  });
}

/** The section at the top of the overview; null where there is nothing to ask and nothing asked. */
export function requestsView(incident, more, { me }) {
  const foreign = isForeign(incident);
  const answers = new Map([...(more?.answers.values() ?? [])].map((one) => [one.request, one]));
  const list = [...(more?.requests.values() ?? [])].sort((a, b) =>
    a.recorded_at < b.recorded_at ? 1 : -1,
  );
  const open = list.filter((one) => !answers.has(one.id));
  const done = list.filter((one) => answers.has(one.id));
  if (!foreign && !list.length) return null;
  const section = el("section", { class: "requests" });
  const actions = el("div", { class: "step-buttons" });
  const asked = el("div", {});
  const items = [...open, ...done].map((one) =>
    requestView(one, answers.get(one.id), incident, me),
  );
  fill(
    section,
    !foreign && el("h3", { text: gettext("Requests of other nodes") }),
    foreign && actions,
    foreign && asked,
    items.length ? el("ul", {}, items) : null,
  );
  if (foreign) drawActions(actions, asked, incident, me);
  return section;
}

/** Drawn again only when the offer to take over comes or goes, so that nothing moves in vain. */
function drawActions(actions, host, incident, me) {
  const may = me.verbs.includes("entry.write");
  let before = null;
  const draw = () => {
    const takes = mayTakeOver(incident, me);
    if (takes === before) return;
    before = takes;
    const begin = (kind) => () => askRequest(host, incident, kind);
    fill(
      actions,
      may && button(gettext("Request a change"), begin("change")),
      may && button(gettext("Request support"), begin("support")),
      takes && takeOverButton(host, incident),
    );
  };
  draw();
  shown = { node: actions, draw };
}

function requestView(request, answer, incident, me) {
  const mine = request.home === HERE;
  const may = !answer && !mine && !isForeign(incident) && me.verbs.includes("incident.edit");
  const node = el(
    "li",
    { class: `request ${answer ? "answered" : "open"}`, data: { request: request.id } },
    el(
      "p",
      { class: "request-head" },
      el("span", { class: "mark", text: kindName(request.kind) }),
      !mine && el("span", { class: "mark foreign", text: nodeName(request.home) }),
      el("span", { class: "meta", text: `${request.author_name} · ${stamp(request.recorded_at)}` }),
      !answer && due(request),
    ),
    el("p", { class: "line-text", text: request.text }),
    proposed(request, answer ? null : incident),
    answer ? answerView(answer) : openLine(mine, incident),
    may &&
      el(
        "div",
        { class: "step-buttons" },
        Object.entries(ANSWERS).map(([outcome, label]) =>
          button(label, () => askAnswer(node, { request, incident, outcome, label }), {
            class: outcome === "accepted" ? "primary" : "",
            data: { outcome },
          }),
        ),
      ),
  );
  return node;
}

function openLine(mine, incident) {
  if (!mine) return null;
  return el("p", {
    class: "waits",
    text: isForeign(incident)
      ? gettext("requested, not confirmed")
      : gettext("not answered; this node is in charge now"),
  });
}

const answerView = ({ outcome, author_name: author, recorded_at: at, text }) =>
  el(
    "p",
    { class: `answer is-${outcome}` },
    el("strong", { text: outcomeName(outcome) }),
    text && [" ", el("span", { class: "line-text", text })],
    " ",
    el("span", { class: "meta", text: `${author} · ${stamp(at)}` }),
  );

/** What is asked for, beside what it is now while nobody has answered. */
function proposed({ proposed: fields }, incident) {
  const rows = Object.entries(fields ?? {});
  if (!rows.length) return null;
  return el(
    "ul",
    { class: "changes" },
    rows.map(([name, value]) =>
      el(
        "li",
        {},
        el("span", { class: "meta", text: fieldName(name) }),
        " ",
        incident && [el("span", { text: plain(name, incident[name]) || "—" }), " → "],
        el("strong", { text: plain(name, value) || "—" }),
      ),
    ),
  );
}

/** Requests and their answers as lines of the timeline. */
export function requestLines({ requests, answers }) {
  const titleOf = (answer) =>
    say(gettext("Answer: %(outcome)s"), { outcome: outcomeName(answer.outcome) });
  return [
    ...[...requests.values()].map((one) =>
      line(one.recorded_at, kindName(one.kind), one.author_name, one.text),
    ),
    ...[...answers.values()].map((one) =>
      line(one.recorded_at, titleOf(one), one.author_name, one.text),
    ),
  ];
}
