/* Homes: handing an incident over to another node, and taking it over from one that is cut off.
   Promises: both say who will be in charge and what becomes of what is written meanwhile, and
   neither happens at the first press; taking over is offered only for a node below that is
   offline, handing over only to a node that can be reached. Must not know: where the controls stand. */

import { get, post } from "./api.js";
import { ask } from "./ask.js";
import { button, el, fill } from "./dom.js";
import { isCleared, isForeign, nodeName, peer, peers, whenNodesChange } from "./nodes.js";
import { takeDetail } from "./store.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

/** Is the home of this incident a node below this one that is cut off? */
export function mayTakeOver(incident, me) {
  const home = peer(incident.home);
  return (
    isForeign(incident) &&
    me.verbs.includes("incident.share") &&
    home?.upper === false &&
    home.state === "offline"
  );
}

export const takeOverButton = (host, incident) =>
  button(gettext("Take over…"), () => askTakeOver(host, incident), {
    class: "danger",
    data: { act: "take-over" },
  });

function askTakeOver(host, incident) {
  const name = nodeName(incident.home);
  ask(host, {
    title: say(gettext("Take over from %(name)s?"), { name }),
    lines: [
      gettext("This node will be in charge: it alone changes the fields and the state."),
      say(gettext("What %(name)s changes while it is cut off is kept as a proposal and is not in force; its entries stay."), {
        name,
      }),
      say(gettext("%(name)s learns of it when the link is back."), { name }),
    ],
    act: gettext("Take over"),
    takes: true,
    careful: true,
    send: async () => {
      takeDetail(await post(`incidents/${incident.id}/takeover`, {}));
      toast(gettext("This node is in charge now."));
    },
  });
}

let shown = null; // {node, draw}: the choice on the screen, drawn again when the links change
whenNodesChange(() => {
  if (shown?.node.isConnected && !shown.node.querySelector(".ask")) shown.draw();
});

/** A choice of linked nodes to hand over to; null without the right to. */
export function handOver(incident, held, me) {
  if (isForeign(incident) || !me.verbs.includes("incident.share")) return null;
  const host = el("div", { class: "adder" });
  const select = el("select", { class: "hand-over", "aria-label": gettext("Hand over to a node") });
  select.addEventListener("change", () => {
    if (select.value) askHandOver(host, incident, select.value, held);
    select.value = "";
  });
  let before = "";
  const draw = () => {
    const names = peers().map(({ node, state }) => [node, nodeName(node), state === "offline"]);
    if (names.join() === before) return;
    before = names.join();
    fill(
      select,
      el("option", { value: "", text: gettext("Hand over to…") }),
      names.map(([node, name, offline]) =>
        el("option", {
          value: node,
          disabled: offline,
          text: offline ? say(gettext("%(name)s (offline: not possible)"), { name }) : name,
        }),
      ),
    );
    fill(host, names.length ? select : null);
  };
  draw();
  shown = { node: host, draw };
  return host;
}

function askHandOver(host, incident, node, held) {
  const name = nodeName(node);
  const here = !held.has(node);
  ask(host, {
    title: say(gettext("Hand over to %(name)s?"), { name }),
    lines: [
      say(gettext("%(name)s will be in charge: it alone changes the fields and the state. This node may write entries and ask."), {
        name,
      }),
      here &&
        say(gettext("It is shared with %(name)s first: all that is written about it so far, and all that is written later."), {
          name,
        }),
      isCleared(node) === false &&
        gettext("Names and telephone numbers of reporter and contact do not go there."),
    ],
    act: say(gettext("Hand over to %(name)s"), { name }),
    takes: true,
    careful: true,
    send: async () => {
      try {
        takeDetail(await post(`incidents/${incident.id}/home`, { rev: incident.rev, node }));
      } catch (problem) {
        if (problem.status === 409) await get(`incidents/${incident.id}`).then(takeDetail, () => {});
        throw problem;
      }
      toast(say(gettext("%(name)s is in charge now."), { name }));
    },
  });
}
