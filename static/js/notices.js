/* Notices: what the administrator of this node should know and nobody must act on at once: the log
   went on from an old copy, records came twice with one revision, other nodes did not confirm an
   erasure. Promises: calm; the first is
   closed once a session and comes back only for another loss. Must not know: links, sockets. */

import { stamp } from "./clock.js";
import { button, byId, el, fill } from "./dom.js";
import { nodeName, notices, whenNodesChange } from "./nodes.js";
import { say } from "./words.js";

const CLOSED = "belltower.renewed"; // at which time of a new epoch the notice was closed

const REASONS = {
  "marker missing": gettext("the marker beside the database is missing"),
  "marker of another epoch": gettext("the marker belongs to another copy"),
  "database behind its marker": gettext("the database is older than its marker"),
};
const SEEN = /^(\S+) has seen more of this log$/;

function reasonName(reason) {
  const [, node] = SEEN.exec(reason) ?? [];
  if (node) return say(gettext("%(name)s has seen more of this log"), { name: nodeName(node) });
  return REASONS[reason] ?? reason;
}

export function startNotices() {
  const node = byId("notices");
  const draw = () => {
    const { renewed, forks, unerased } = notices();
    const lines = [
      renewed && !wasClosed(renewed.at) && renewedLine(renewed, draw),
      forks && el("p", { class: "notice", data: { notice: "forks" } }, forkLine(forks)),
      unerased.length && el("p", { class: "notice", data: { notice: "unerased" } }, erasing(unerased)),
    ].filter(Boolean);
    const text = lines.map((line) => line.textContent).join("\n");
    if (node.dataset.text === text) return;
    node.dataset.text = text;
    fill(node, lines);
  };
  whenNodesChange(draw);
  draw();
  const strip = node.parentElement;
  new ResizeObserver(() =>
    document.body.style.setProperty("--banner", `${strip.offsetHeight}px`),
  ).observe(strip);
}

const LOCAL = gettext(
  "What was not fetched back had reached no other node and may be lost: sign-ins, and what was written shortly before.",
);

function renewedLine({ at, reason, lost, returned }, draw) {
  const text = lost !== null
    ? gettext("The log of this node went on at %(time)s from an old copy (%(reason)s): %(lost)s records were missing; of its own %(returned)s were fetched back, those of other nodes come with the links")
    : gettext("The log of this node went on at %(time)s from an old copy (%(reason)s): how many records are missing is unknown; of its own %(returned)s were fetched back, those of other nodes come with the links");
  const said = { time: stamp(at), reason: reasonName(reason), lost, returned };
  return el(
    "p",
    { class: "notice", data: { notice: "renewed" } },
    el("span", { text: `${say(text, said)}${lost === null || lost > returned ? ` ${LOCAL}` : ""}` }),
    button(
      "×",
      () => {
        close(at);
        draw();
      },
      { class: "bare", title: gettext("Close"), "aria-label": gettext("Close") },
    ),
  );
}

function forkLine({ at, count }) {
  const text = ngettext(
    "%(n)s record was written twice with the same revision (last seen %(time)s); the one that is not in force is a proposal on its timeline",
    "%(n)s records were written twice with the same revision (last seen %(time)s); those that are not in force are proposals on their timelines",
    count,
  );
  return el("span", { text: say(text, { n: count, time: stamp(at) }) });
}

function erasing(shares) {
  const count = new Set(shares.map((share) => share.node)).size;
  const text = ngettext(
    "%(n)s node has not confirmed that a withdrawn share is erased",
    "%(n)s nodes have not confirmed that withdrawn shares are erased",
    count,
  );
  const names = [...new Set(shares.map((share) => nodeName(share.node)))].join(", ");
  return el("span", { text: say(text, { n: count }), title: names });
}

function wasClosed(at) {
  try {
    return sessionStorage.getItem(CLOSED) === at;
  } catch {
    return false;
  }
}

function close(at) {
  try {
    sessionStorage.setItem(CLOSED, at);
  } catch {
    // it comes back with the next page
  }
}
