/* Node sharing: which nodes hold an incident, on what ground, whether it has arrived, and the way
   to one more. Promises: before anything goes it says who will see what; a withdrawal says what it
   does; delivered is only said of what this node knows itself. Must not know: organisations of this
   node (sharing.js), how a share travels. */

import { post, remove } from "./api.js";
import { ask } from "./ask.js";
import { now, stamp } from "./clock.js";
import { button, el, fill } from "./dom.js";
import { handOver } from "./homes.js";
import {
  above,
  allNodes,
  HERE,
  holders,
  isCleared,
  isForeign,
  maySteer,
  nodeName,
  peer,
  whenNodesChange,
} from "./nodes.js";
import { seeAs } from "./preview.js";
import { receiptsOf } from "./receipts.js";
import { takeDetail } from "./store.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

const HOUR = 3600000;
const TERMS = [
  [0, gettext("without end")],
  [24 * HOUR, gettext("for 24 hours")],
  [72 * HOUR, gettext("for 3 days")],
  [168 * HOUR, gettext("for 7 days")],
];

let shown = null; // {node, draw}: the list on the screen, drawn again when a link changes
whenNodesChange(() => {
  if (shown?.node.isConnected && !shown.node.querySelector(".ask")) shown.draw();
});

export function nodeSharing(incident, more, { me }) {
  const shares = [...(more?.shares.values() ?? [])];
  const held = new Set(holders(incident, shares).map(({ node }) => node));
  const may = me.verbs.includes("incident.share") && maySteer(incident);
  const list = el("ul", {});
  const draw = () =>
    fill(
      list,
      holders(incident, shares).map((one) => holder(incident, one, may, more)),
    );
  draw();
  shown = { node: list, draw };
  return el(
    "section",
    { class: "sharing node-sharing" },
    el("h3", { text: gettext("Nodes that hold it") }),
    list,
    may && more && adder(incident, held),
    more && handOver(incident, held, me),
  );
}

function holder(incident, { node, since, share }, may, more) {
  const mine = share && share.by === HERE;
  const line = el(
    "li",
    { data: { node } },
    el("span", { class: "organisation", text: nodeName(node) }),
    el("span", { class: "meta", text: ground(incident, node, share) }),
    el("span", { class: "meta", text: arrival(incident, node, since) }),
    may &&
      node !== HERE &&
      el(
        "span",
        { class: "last" },
        seeAs(incident, node, gettext("Preview")),
        " ",
        mine &&
          button(gettext("Withdraw"), () => askWithdraw(incident, node, line), {
            class: "text danger",
            title: say(gettext("Send nothing more to %(name)s"), { name: nodeName(node) }),
          }),
      ),
    (node !== HERE || isForeign(incident)) && receiptsOf(more, node),
  );
  return line;
}

function ground(incident, node, share) {
  if (node === incident.home)
    return node === HERE ? gettext("this node, in charge") : gettext("in charge");
  if (!share) return gettext("since it was logged");
  const { since, by, until } = share;
  const said = { time: stamp(since), who: nodeName(by), end: stamp(until) };
  return until
    ? say(gettext("shared %(time)s by %(who)s, until %(end)s"), said)
    : say(gettext("shared %(time)s by %(who)s"), said);
}

/** Has it arrived there, as far as this node knows? */
function arrival(incident, node, since) {
  if (node === HERE || node === incident.home) return "";
  const link = peer(node);
  if (!link) return gettext("passed on by the node above; arrival is not known here");
  const after = (time) => time && Date.parse(time) >= Date.parse(since);
  if (!link.backlog && (after(link.heard_at) || after(link.equal_at))) return gettext("delivered");
  if (after(link.equal_at))
    return say(gettext("delivered up to %(time)s, %(n)s to be sent"), {
      time: stamp(link.equal_at),
      n: link.backlog,
    });
  return link.backlog
    ? say(gettext("%(n)s to be sent"), { n: link.backlog })
    : gettext("to be sent");
}

function adder(incident, held) {
  const rest = allNodes().filter((one) => one.shareable && !held.has(one.node));
  if (!rest.length) return null;
  const select = el(
    "select",
    { class: "share-with", "aria-label": gettext("Node") },
    el("option", { value: "", text: gettext("Share with a node…") }),
    rest.map(({ node }) => el("option", { value: node, text: nodeName(node) })),
  );
  select.addEventListener("change", () => {
    if (select.value) askShare(incident, select.value, held, host);
    select.value = "";
  });
  const host = el("div", { class: "adder" }, select);
  return host;
}

/** Ask before one more node is given the incident. */
export function askShare(incident, node, held, host) {
  const name = nodeName(node);
  const way = peer(node) ? null : above();
  const term = el(
    "select",
    { "aria-label": gettext("How long") },
    TERMS.map(([length, label]) => el("option", { value: length, text: label })),
  );
  const personal = {
    true: gettext("Names and telephone numbers of reporter and contact go there too."),
    false: gettext("Names and telephone numbers of reporter and contact do not go there."),
    null: gettext("Whether names and telephone numbers go there is up to the node above."),
  }[isCleared(node)];
  ask(host, {
    title: say(gettext("Share with %(name)s?"), { name }),
    lines: [
      say(gettext("The duty desk of %(name)s will see “%(title)s”: all that is written about it so far, and all that is written later."), {
        name,
        title: incident.title,
      }),
      personal,
      way &&
        !held.has(way.node) &&
        say(gettext("It goes by way of %(name)s, which will hold it too."), {
          name: nodeName(way.node),
        }),
      peer(node)?.state === "offline" &&
        gettext("The link is down now; it goes as soon as the link is back."),
    ],
    extra: [term, seeAs(incident, node, say(gettext("See it as %(name)s"), { name }))],
    act: say(gettext("Share with %(name)s"), { name }),
    send: () => share(incident, node, Number(term.value)),
  });
}

async function share(incident, node, length) {
  const until = length ? new Date(now() + length).toISOString() : null;
  takeDetail(await post(`incidents/${incident.id}/shares`, { node, until }));
  toast(say(gettext("Shared with %(name)s."), { name: nodeName(node) }), {
    act: [gettext("Undo"), () => withdraw(incident, node).catch(fail)],
  });
}

const fail = (problem) => toast(problem.message, { bad: true });

const askWithdraw = (incident, node, line) =>
  ask(line, {
    title: say(gettext("Withdraw from %(name)s?"), { name: nodeName(node) }),
    lines: [
      say(gettext("Nothing more of it is sent to %(name)s, and that node is asked to erase what it has. What was read there is known there."), {
        name: nodeName(node),
      }),
    ],
    act: gettext("Withdraw"),
    takes: true,
    send: () => withdraw(incident, node),
  });

async function withdraw(incident, node) {
  takeDetail(await remove(`incidents/${incident.id}/shares/${encodeURIComponent(node)}`));
  toast(say(gettext("Nothing more of it goes to %(name)s."), { name: nodeName(node) }));
}
