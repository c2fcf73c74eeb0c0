/* Rounds: reports at a fixed interval that a level of a plan asks for: who has reported in the round
   that runs and in those before, who is missing, and the report of this officer. Promises: who has not
   reported is named; what came late says so, by how much; nobody reports for others but the desk in
   charge, in their name. Must not know: what reminds of them (roundsdue.js). */

import { post } from "./api.js";
import { ask } from "./ask.js";
import { clockOf, now, stamp } from "./clock.js";
import { button, el, labelled } from "./dom.js";
import { due } from "./due.js";
import { line } from "./lines.js";
import { isForeign } from "./nodes.js";
import { deskTime } from "./pace.js";
import { REALM } from "./realm.js";
import { sameId } from "./requestforms.js";
import { beganAt, dueVersion, isMine } from "./roundsdue.js";
import { nameOf } from "./sharing.js";
import { takePart } from "./store.js";
import { toast } from "./toast.js";
import { listed, OPEN_STATES, say } from "./words.js";

const MINUTE = 60000;
const SHOWN = 24; // rounds before the one that runs
const AGAIN = 1; // rounds before it that are still asked for
const NAME = gettext("Round report");
const NOTHING = gettext("Nothing new");

/** The nodes that are or were its home: nobody else orders rounds, and what they write of reports
 * counts. */
const homesOf = ({ home }, more) =>
  new Set([home, ...more.history.filter(({ proposal }) => !proposal).map(({ actor }) => actor.split(/[@ ]/)[1])]);

/** Of each plan the last order, where nothing has ended it and it asks for reports. */
function standing(incident, more) {
  const homes = homesOf(incident, more);
  const ends = [...more.ends.values()].filter(({ home }) => homes.has(home));
  const ended = new Set(ends.flatMap(({ activations }) => activations));
  const sorted = [...more.round_orders.values()]
    .filter(({ home }) => homes.has(home))
    .sort((a, b) => Date.parse(a.recorded_at) - Date.parse(b.recorded_at));
  const last = new Map(sorted.map((one) => [one.plan, one]));
  return [...last.values()].filter((one) => one.every && !ended.has(one.activation));
}

const passed = (order) => deskTime(now()) - deskTime(Date.parse(beganAt(order)));
const running = (order) => Math.max(0, Math.floor(passed(order) / (order.every * MINUTE))) + 1;

/** Changes when another round runs than before, or the node says otherwise who reports. */
export const roundsNow = (incident, more) =>
  more?.round_orders.size ? [dueVersion(incident.id), ...standing(incident, more).map(running)].join() : "";

/** What counts of the reports, by round and organisation: from the node of an organisation, or from
 * a home, the first of each. */
function reportsOf(order, incident, more) {
  const nodes = new Map(order.reporters.map((one) => [one.organisation, one.node]));
  const homes = homesOf(incident, more);
  const counts = ({ home, organisation }) => homes.has(home) || nodes.get(organisation) === home;
  const rounds = new Map();
  for (const one of [...more.round_reports.values()].sort(later))
    if (one.order === order.id && counts(one)) {
      if (!rounds.has(one.no)) rounds.set(one.no, new Map());
      rounds.get(one.no).set(one.organisation, one);
    }
  return rounds;
}

const later = (a, b) => Date.parse(b.recorded_at) - Date.parse(a.recorded_at);

/** The rounds of an incident, as a part of its tasks; null where none are asked for. */
export function roundsView(incident, more, { me }) {
  const orders = OPEN_STATES.includes(incident.state) ? standing(incident, more) : [];
  if (!orders.length) return null;
  const node = el("div", { class: "rounds" }, orders.map((one) => orderView(one, incident, more, me)));
  node.dataset.now = roundsNow(incident, more);
  watched = { node, incident, more };
  return node;
}

let watched = null;
setInterval(() => {
  if (!watched?.node.isConnected || watched.node.dataset.now === roundsNow(watched.incident, watched.more)) return;
  watched.node.dispatchEvent(new Event("asked", { bubbles: true })); // another round runs: draw anew
}, 1000);

function orderView(order, incident, more, me) {
  const no = running(order);
  const host = el("div", { data: { asks: `round.${order.id}` } });
  const rounds = reportsOf(order, incident, more);
  const found = (n) => rounds.get(n) ?? new Map();
  const missing = (n) => order.reporters.filter(({ organisation }) => !rounds.get(n)?.has(organisation));
  const level = [...more.activations.values()].sort(later).find(({ plan }) => plan === order.plan);
  const here = !isForeign(incident) && me.everywhere;
  const may = me.verbs.includes("round.report");
  const own = ({ organisation }) => isMine(order.id, organisation);
  const asked = [];
  for (let n = no; n >= Math.max(1, no - AGAIN); n -= 1) {
    const mine = may ? missing(n).filter(own) : [];
    asked.push(...mine.map((who) => myTurn(order, n, who, incident, host)));
  }
  const began = Date.parse(beganAt(order));
  const ends = new Date(began + no * order.every * MINUTE).toISOString();
  return el(
    "div",
    { class: "round-order", data: { order: order.id } },
    el("h3", { text: NAME }),
    el("p", {
      class: "meta",
      text: say(gettext("every %(n)s minutes since %(time)s · %(all)s organisations · %(level)s"), {
        n: order.every,
        time: stamp(order.recorded_at),
        all: order.reporters.length,
        level: level?.level_name ?? order.level_name,
      }),
    }),
    el(
      "p",
      { class: "task-head" },
      el("strong", { text: roundName(order, no) }),
      due({ due_at: ends, recorded_at: new Date(began).toISOString() }),
    ),
    resultView(order, found(no), missing(no), gettext("still missing: %(names)s")),
    asked,
    here && may && missing(no).length > 0 && button(
      gettext("Write down for others…"),
      () => askFor(order, [no, no - 1].filter((n) => n > 0 && missing(n).length), missing, incident, host),
      { data: { act: "round-for" } },
    ),
    host,
    no > 1 && beforeView(order, no, found, missing),
  );
}

const roundName = (order, no) => {
  if (REALM !== "real") return say(gettext("Round %(n)s"), { n: no });
  const at = (n) => clockOf(new Date(Date.parse(beganAt(order)) + n * order.every * MINUTE).toISOString());
  return say(gettext("Round %(n)s, %(from)s to %(to)s"), { n: no, from: at(no - 1), to: at(no) });
};

/** How many reported, who is missing. */
function resultView(order, found, missing, text) {
  const all = found.size + missing.length;
  const names = listed(missing.map((one) => nameOf(one.organisation, one.name)));
  const zero = [...found.values()].filter(({ nothing_new: nothing }) => nothing).length;
  return el(
    "div",
    { class: "round-result" },
    el("p", { text: say(gettext("%(n)s of %(all)s reported, %(zero)s with nothing new"), { n: found.size, all, zero }) }),
    missing.length
      ? el("p", { class: "round-missing", text: say(text, { names }) })
      : el("p", { class: "in-time", text: gettext("complete") }),
    el("ul", { class: "round-reports" }, [...found.values()].map((one) => reportView(order, one))),
  );
}

const nameIn = (order, code) =>
  nameOf(code, order?.reporters.find(({ organisation }) => organisation === code)?.name);

/** What was reported; that nothing is new only where it came late. */
function reportView(order, { organisation, nothing_new: nothing, text, late, author_name: who, recorded_at: at }) {
  if (nothing && !late && !text) return null;
  return el(
    "li",
    {},
    el("span", { class: "mark", text: nameIn(order, organisation) }),
    late > 0 && el("span", { class: "late", text: say(gettext("late by %(n)s minutes"), { n: late }) }),
    el("span", { class: "line-text", text: text || NOTHING }),
    el("span", { class: "meta", text: `${stamp(at)} ${who}` }),
  );
}

/** The turn of an organisation that this officer reports for. */
function myTurn(order, no, who, incident, host) {
  const idOf = sameId();
  return el(
    "div",
    { class: "round-turn", data: { round: no } },
    el("span", { text: `${nameOf(who.organisation, who.name)} · ${roundName(order, no)}` }),
    el(
      "div",
      { class: "step-buttons" },
      button(
        NOTHING,
        (event) => {
          event.currentTarget.disabled = true;
          const press = event.currentTarget;
          const body = { order: order.id, no, organisation: who.organisation, nothing_new: true, text: "" };
          send(incident, { id: idOf(body), ...body }).catch(({ message }) => {
            press.disabled = false;
            toast(message, { bad: true });
          });
        },
        { class: "primary", data: { act: "round-nothing" } },
      ),
      button(gettext("There is something new…"), () => askNews(order, no, who, incident, host), {
        data: { act: "round-news" },
      }),
    ),
  );
}

const send = async (incident, body) =>
  takePart("round", await post(`incidents/${incident.id}/rounds`, body), incident.id);

const words = () =>
  el("textarea", {
    rows: 4,
    maxlength: 4000,
    "aria-label": gettext("What is new"),
    placeholder: gettext("What is new: situation, dangers, damage, measures"),
  });

function askNews(order, no, who, incident, host) {
  const text = words();
  const idOf = sameId();
  ask(host, {
    title: `${nameOf(who.organisation, who.name)} · ${roundName(order, no)}`,
    extra: text,
    act: gettext("Report"),
    focus: text,
    send: () => {
      const said = { nothing_new: false, text: text.value.trim() };
      const body = { order: order.id, no, organisation: who.organisation, ...said };
      return send(incident, { id: idOf(body), ...body });
    },
  });
}

/** What another organisation reported by phone. */
function askFor(order, nos, missing, incident, host) {
  const round = el("select", { "aria-label": gettext("Round") }, nos.map((n) => el("option", { value: n, text: roundName(order, n) })));
  const who = el("select", { "aria-label": gettext("Organisation") });
  const text = words();
  const idOf = sameId();
  const show = () =>
    who.replaceChildren(
      ...missing(Number(round.value)).map((one) =>
        el("option", { value: one.organisation, text: nameOf(one.organisation, one.name) }),
      ),
    );
  round.addEventListener("change", show);
  show();
  ask(host, {
    title: gettext("Write down what was reported by phone"),
    lines: [gettext("Without words it says that nothing is new.")],
    extra: [labelled(round), labelled(who), text],
    act: gettext("Write down"),
    focus: who,
    send: () => {
      const said = text.value.trim();
      const body = { order: order.id, no: Number(round.value), organisation: who.value, nothing_new: !said, text: said };
      return send(incident, { id: idOf(body), ...body });
    },
  });
}

const turned = new Set(); // id of an order and number of a round: folded otherwise than usual

function beforeView(order, no, found, missing) {
  const rounds = Array.from({ length: Math.min(SHOWN, no - 1) }, (_, index) => no - 1 - index);
  return el(
    "div",
    { class: "rounds-before" },
    rounds.map((n) =>
      el(
        "details",
        {
          open: (n === no - 1) !== turned.has(order.id + n),
          on: { toggle: ({ target: { open } }) => turned[open === (n === no - 1) ? "delete" : "add"](order.id + n) },
        },
        el(
          "summary",
          {},
          roundName(order, n),
          " ",
          missing(n).length
            ? el("span", { class: "late", text: say(gettext("missing %(n)s of %(of)s"), { n: missing(n).length, of: order.reporters.length }) })
            : el("span", { class: "in-time", text: gettext("complete") }),
        ),
        resultView(order, found(n), missing(n), gettext("did not report: %(names)s")),
      ),
    ),
  );
}

/** Orders, reports and what was missing at the end of a round, as lines of the timeline. */
export const roundLines = ({ round_orders: orders, round_reports: reports, round_reminders: reminders }) => [
  ...[...orders.values()].map((one) => line(one.recorded_at, orderText(one), one.author_name)),
  ...[...reports.values()].map((one) =>
    line(
      one.recorded_at,
      [say(gettext("Round %(n)s"), { n: one.no }), nameIn(orders.get(one.order), one.organisation), one.nothing_new && NOTHING, one.late && say(gettext("late by %(n)s minutes"), { n: one.late })]
        .filter(Boolean)
        .join(" · "),
      one.author_name,
      one.text,
    ),
  ),
  ...[...reminders.values()]
    .filter(({ percent }) => percent === 100)
    .map((one) => line(one.recorded_at, endText(one, orders.get(one.order)), gettext("by the clock"))),
];

const orderText = ({ every, reporters, level_name: level }) =>
  every
    ? say(gettext("%(level)s: %(all)s organisations report every %(n)s minutes"), { level, n: every, all: reporters.length })
    : say(gettext("%(level)s: no more reports in rounds"), { level });

const endText = ({ no, missing }, order) =>
  missing.length
    ? say(gettext("Round %(n)s is over, nothing from %(names)s"), { n: no, names: listed(missing.map((code) => nameIn(order, code))) })
    : say(gettext("Round %(n)s is over, all have reported"), { n: no });

/** The same as an event of the activity. */
export function roundEvent(item, type) {
  if (type === "round.ordered") return { kind: NAME, detail: orderText(item) };
  if (type === "round.reported")
    return { kind: say(gettext("Round %(n)s"), { n: item.no }), detail: [nameOf(item.organisation), item.nothing_new ? NOTHING : item.text].join(" · ") };
  if (item.percent === 100) return { kind: NAME, detail: endText(item), who: "" };
  return null;
}
