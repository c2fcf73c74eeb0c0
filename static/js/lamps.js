/* Lamps: how the link to each other node stands, in the header and, on a click, as text. Promises:
   a name, a shape and a word or number, never a colour alone; where there is no room the ones that
   are well go first and one lamp stands for the rest with their worst state; when this browser
   does not hear its node they turn grey and say as of when. Must not know: sockets. */

import { ago, stamp } from "./clock.js";
import { byId, el, fill } from "./dom.js";
import { byState, nodeName, peers, toldAt, whenNodesChange } from "./nodes.js";
import { say } from "./words.js";

const CLOCK_WARNING = 2000; // ms
const narrow = matchMedia("(max-width: 760px)");
const parts = {};
let isLive = () => true;

export function startLamps(feed) {
  isLive = () => feed.state.name !== "offline";
  parts.lamps = el("span", { class: "links-row" });
  parts.rest = el("span", { class: "link-lamp rest" });
  parts.opener = el(
    "button",
    {
      type: "button",
      class: "bare links-opener",
      "aria-expanded": "false",
      "aria-controls": "links-menu",
      on: { click: () => toggle(parts.menu.hidden) },
    },
    parts.lamps,
    parts.rest,
  );
  parts.menu = el("div", { class: "menu links-menu", id: "links-menu", hidden: true });
  fill(byId("links"), parts.opener, parts.menu);
  document.addEventListener("click", ({ target }) => byId("links").contains(target) || toggle(false));
  byId("links").addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || parts.menu.hidden) return;
    event.stopPropagation();
    toggle(false);
    parts.opener.focus();
  });
  whenNodesChange(draw);
  feed.addEventListener("state", draw);
  new ResizeObserver(fit).observe(byId("links"));
  narrow.addEventListener("change", fit);
  setInterval(() => parts.menu.hidden || drawMenu(), 5000);
  draw();
}

function toggle(shown) {
  parts.menu.hidden = !shown;
  parts.opener.setAttribute("aria-expanded", String(shown));
  if (shown) drawMenu();
}

/** Catching up 12, Offline since 14:15; nothing for a link that is well. */
function shortly({ state, backlog, more, heard_at: heard }) {
  if (state === "catching" && !backlog) return gettext("comparing");
  if (state === "catching") return say(gettext("catching up %(n)s"), { n: count(backlog, more) });
  if (state === "live") return "";
  return heard ? say(gettext("offline since %(time)s"), { time: stamp(heard) }) : gettext("offline");
}

export const stateInWords = (one) => shortly(one) || gettext("live");
const count = (n, more) => (more ? `${n}+` : String(n));
const seconds = (ms) => `${ms <= -50 ? "−" : "+"}${(Math.abs(ms) / 1000).toFixed(1)}`;

/** What is known of a link, a line each. */
function lines({ clock_ms: clock, heard_at: heard, equal_at: equal, backlog, more, oldest }) {
  return [
    backlog
      ? say(gettext("To be sent: %(n)s, the oldest of %(time)s (%(age)s)"), {
          n: count(backlog, more),
          time: stamp(oldest),
          age: ago(oldest),
        })
      : gettext("Nothing waits to be sent"),
    equal
      ? say(gettext("Both ends equal %(time)s"), { time: stamp(equal) })
      : gettext("Not yet proven equal"),
    heard && say(gettext("Last heard %(time)s"), { time: stamp(heard, { seconds: true }) }),
    clock !== null && say(gettext("Its clock: %(n)s s"), { n: seconds(clock) }),
    Math.abs(clock ?? 0) > CLOCK_WARNING && gettext("The clocks differ: have them set"),
  ].filter(Boolean);
}

const shape = () => el("span", { class: "lamp-dot", "aria-hidden": "true" });

function lamp(one) {
  const name = nodeName(one.node);
  return el(
    "span",
    {
      class: "link-lamp",
      title: [`${name} · ${stateInWords(one)}`, ...lines(one)].join("\n"),
      data: { node: one.node, state: one.state },
    },
    el("span", { class: "link-name", text: name }),
    shape(),
    el("span", { class: "link-words", text: shortly(one) }),
  );
}

function draw() {
  const shown = peers();
  byId("links").hidden = !shown.length;
  byId("links").dataset.state = [...shown].sort(byState)[0]?.state ?? "live";
  parts.opener.setAttribute(
    "aria-label",
    [
      gettext("Links to other nodes"),
      ...shown.map((one) => `${nodeName(one.node)} ${stateInWords(one)}`),
      isLive() ? "" : asOf(),
    ].join("; "),
  );
  fill(parts.lamps, shown.map(lamp));
  fit();
  if (!parts.menu.hidden) drawMenu();
}

/** Hide what has no room, those that are well first; one lamp stands for what is hidden. */
function fit() {
  const shown = peers();
  const elements = [...parts.lamps.children];
  const hide = [...shown.keys()].sort((a, b) => byState(shown[b], shown[a]) || b - a);
  for (const element of elements) element.hidden = narrow.matches;
  const hidden = narrow.matches ? [...shown] : [];
  drawRest(hidden, shown);
  while (!narrow.matches && hide.length && parts.opener.scrollWidth > parts.opener.clientWidth) {
    const index = hide.shift();
    elements[index].hidden = true;
    hidden.push(shown[index]);
    drawRest(hidden, shown);
  }
}

function drawRest(hidden, shown) {
  parts.rest.hidden = !hidden.length;
  if (!hidden.length) return;
  const state = [...hidden].sort(byState)[0].state;
  const same = hidden.filter((one) => one.state === state).length;
  const label = hidden.length < shown.length ? gettext("%(n)s more") : gettext("Nodes %(n)s");
  parts.rest.dataset.state = state;
  const words = {
    live: "",
    catching: say(gettext("%(n)s catching up"), { n: same }),
    offline: say(gettext("%(n)s offline"), { n: same }),
  }[state];
  fill(
    parts.rest,
    el("span", { class: "link-name", text: say(label, { n: hidden.length }) }),
    shape(),
    el("span", { class: "link-words", text: words }),
  );
}

const asOf = () => say(gettext("as of %(time)s"), { time: stamp(new Date(toldAt()).toISOString()) });

function drawMenu() {
  fill(
    parts.menu,
    el("h3", { text: gettext("Links to other nodes") }),
    !isLive() && el("p", { class: "meta", text: asOf() }),
    el(
      "ul",
      {},
      [...peers()].map((one) =>
        el(
          "li",
          { class: "link-lamp", data: { state: one.state } },
          el(
            "p",
            {},
            shape(),
            el("strong", { text: nodeName(one.node) }),
            el("span", { class: "link-words", text: stateInWords(one) }),
          ),
          lines(one).map((text) => el("p", { class: "meta", text })),
        ),
      ),
    ),
  );
}
