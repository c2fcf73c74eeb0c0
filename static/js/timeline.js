/* Timeline: entries and changes of the incident in the order of time. Promises: a corrected or
   struck entry stays readable, with who, when and why; a correction and what it corrects point
   at each other. Must not know: how an entry is written (entryline.js), what a change of the
   incident looks like (changes.js). */

import { post } from "./api.js";
import { changeView } from "./changes.js";
import { clockOf, inZone, isToday, stamp } from "./clock.js";
import { deadlineLines } from "./deadlines.js";
import { directiveLines } from "./directives.js";
import { button, el, fill, uuid } from "./dom.js";
import { isForeign, nodeName } from "./nodes.js";
import { reportLines } from "./reports.js";
import { requestLines } from "./requests.js";
import { roundLines } from "./rounds.js";
import { takePart } from "./store.js";
import { supplementLines } from "./supplements.js";
import { taskLines } from "./tasks.js";
import { say } from "./words.js";

export function timeline(known, more, { me }) {
  const { entries, history, shares } = more;
  const lines = [
    ...[...entries.values()].map((entry) => ({
      time: entry.occurred_at,
      order: entry.recorded_at,
      node: () => entryView(entry, entries, me),
    })),
    ...history.map((line) => ({ time: line.time, order: line.time, node: () => changeView(line) })),
    ...[...shares.values()].flatMap(shareLines),
    ...requestLines(more),
    ...taskLines(more),
    ...directiveLines(more),
    ...reportLines(more),
    ...deadlineLines(more),
    ...roundLines(more),
    ...supplementLines(more),
  ].sort((a, b) => (a.time === b.time ? compare(a.order, b.order) : compare(a.time, b.time)));
  if (!lines.length) return el("p", { class: "empty", text: gettext("Nothing is written yet.") });
  let day = "";
  return el(
    "ol",
    { class: "timeline" },
    lines.flatMap(({ time, node }) => {
      const { month, day: date } = inZone(Date.parse(time));
      const key = `${month}-${date}`;
      const head =
        key !== day && (day || !isToday(time))
          ? [el("li", { class: "day", text: dayOf(time) })]
          : [];
      day = key;
      return [...head, node()];
    }),
  );
}

const dayOf = (time) => (isToday(time) ? gettext("Today") : stamp(time).replace(/ \S+$/, ""));
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

function entryView(entry, entries, me) {
  const {
    id,
    text,
    author_name: author,
    occurred_at: at,
    recorded_at: recorded,
    corrects,
    corrected_by: newer,
    struck,
  } = entry;
  const void_ = struck || newer;
  const node = el("li", { class: `line entry ${void_ ? "void" : ""}`, id: `entry-${id}` });
  const late = Math.abs(Date.parse(recorded) - Date.parse(at)) > 60000;
  const actions =
    !void_ &&
    !isForeign(entry) &&
    me.verbs.includes("entry.write") &&
    el(
      "span",
      { class: "line-actions" },
      button(gettext("Correct"), () => correct(entry, node), { class: "text" }),
      button(gettext("Strike"), () => strike(entry, node), { class: "text" }),
    );
  fill(
    node,
    el("time", { text: clockOf(at), title: stamp(at, { seconds: true }) }),
    el(
      "div",
      { class: "line-body" },
      corrects &&
        entries.has(corrects) &&
        el(
          "p",
          { class: "meta" },
          gettext("Corrects"),
          " ",
          jump(corrects, clockOf(entries.get(corrects).recorded_at)),
        ),
      void_ ? el("del", { class: "line-text", text }) : el("p", { class: "line-text", text }),
      struck &&
        el("p", {
          class: "why",
          text: say(gettext("Struck by %(who)s at %(time)s: %(reason)s"), {
            who: struck.by,
            time: stamp(struck.at),
            reason: struck.reason,
          }),
        }),
      newer &&
        el(
          "p",
          { class: "why" },
          correctedBy(entries.get(newer)),
          " ",
          entries.has(newer) && jump(newer, gettext("to the correction")),
        ),
      el(
        "p",
        { class: "meta" },
        author,
        isForeign(entry) && [" ", el("span", { class: "mark foreign", text: nodeName(entry.home) })],
        late && [" · ", say(gettext("written %(time)s"), { time: stamp(recorded) })],
        actions,
      ),
    ),
  );
  return node;
}

const correctedBy = (newer) =>
  newer
    ? say(gettext("Corrected by %(who)s at %(time)s"), {
        who: newer.author_name,
        time: stamp(newer.recorded_at),
      })
    : gettext("Corrected");

const jump = (id, label) =>
  button(
    label,
    () => {
      const node = document.getElementById(`entry-${id}`);
      node?.scrollIntoView({ block: "center" });
      node?.classList.add("pointed");
      setTimeout(() => node?.classList.remove("pointed"), 1500);
    },
    { class: "text" },
  );

/** A line that asks for text under an entry; resolves by `send(text)`. */
function askBelow(node, { label, text = "", send }) {
  node.querySelector(".ask")?.remove();
  const trouble = el("p", { class: "complaint" });
  const input = el("textarea", { rows: 2, maxlength: 10000, "aria-label": label, value: text });
  const close = () => {
    form.remove();
    node.dispatchEvent(new Event("asked", { bubbles: true }));
  };
  const submit = async (event) => {
    event?.preventDefault();
    try {
      await send(input.value.trim());
      close();
    } catch (problem) {
      trouble.textContent = Object.values(problem.fields ?? {})[0] ?? problem.message;
    }
  };
  const form = el(
    "form",
    {
      class: "ask",
      on: {
        submit,
        keydown: (event) => {
          if (event.key === "Enter" && event.ctrlKey) {
            event.stopPropagation();
            submit(event);
          }
          if (event.key === "Escape") {
            event.stopPropagation();
            close();
          }
        },
      },
    },
    input,
    trouble,
    el(
      "div",
      { class: "answers" },
      el("button", { type: "submit", class: "primary", text: label }),
      button(gettext("Cancel"), close),
    ),
  );
  node.append(form);
  input.focus();
}

function correct(entry, node) {
  const id = uuid();
  askBelow(node, {
    label: gettext("Correct"),
    text: entry.text,
    send: async (text) => {
      takePart("entry", await post(`entries/${entry.id}/corrections`, { id, text }));
      takePart("entry", { ...entry, rev: entry.rev + 1, corrected_by: id });
    },
  });
}

const strike = (entry, node) =>
  askBelow(node, {
    label: gettext("Strike, with the reason"),
    send: async (reason) => takePart("entry", await post(`entries/${entry.id}/strike`, { reason })),
  });

/** When one more node was given the incident, and when that ended. */
function shareLines({ node, by, since, ended_at: ended }) {
  const line = (time, label) => ({
    time,
    order: time,
    node: () =>
      el(
        "li",
        { class: "line change" },
        el("time", { text: clockOf(time), title: stamp(time, { seconds: true }) }),
        el(
          "p",
          { class: "line-body" },
          el("strong", { text: say(label, { name: nodeName(node) }) }),
          " ",
          el("span", { class: "meta", text: nodeName(by) }),
        ),
      ),
  });
  return [
    line(since, gettext("Shared with %(name)s")),
    ended && line(ended, gettext("Withdrawn from %(name)s")),
  ].filter(Boolean);
}
