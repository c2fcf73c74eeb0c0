/* Neighbours: nodes that an incident should perhaps be shared with, because its affected area touches
   theirs or it lies near. Promises: says why; nothing goes before the usual question is answered; a
   refusal is kept at the node and not asked again for the same area; who may not share is shown
   nothing. Must not know: how the areas are compared (the node does that). */

import { get, post } from "./api.js";
import { button, el, fill } from "./dom.js";
import { maySteer, nodeName } from "./nodes.js";
import { askShare } from "./nodesharing.js";
import { on } from "./store.js";
import { toast } from "./toast.js";
import { distance, say } from "./words.js";

const known = new Map(); // incident -> what the node proposed last
const WHY = {
  touches: gettext("The affected area reaches into %(name)s. Sharing is suggested."),
  inside: gettext("It lies in %(name)s. Sharing is suggested."),
  near: gettext("It lies %(far)s from the border of %(name)s, within %(radius)s. Sharing is suggested."),
};

let shown = null; // {id, refresh}
on("proposal", (id) => shown?.id === id && shown.refresh());

/** Does this officer's organisation answer for it, or was it only shown it? */
const answersFor = ({ organisations = [] }, me) =>
  me.everywhere || organisations.some(({ code, ground }) => code === me.organisation && ["owner", "place"].includes(ground));

/** The section at the top of the overview; it fills itself and stays empty where nothing is. */
export function neighbours(incident, held, { me }) {
  if (!me.verbs.includes("incident.share") || !maySteer(incident) || !answersFor(incident, me)) return null;
  const section = el("section", { class: "sharing neighbours" });
  const draw = () => {
    if (section.querySelector(".ask")) return;
    const list = (known.get(incident.id) ?? []).filter(({ node }) => !held.has(node));
    section.hidden = !list.length;
    fill(section, list.map((one) => proposal(one, incident, held, take)));
  };
  const take = (list) => {
    known.set(incident.id, list);
    draw();
  };
  const refresh = () => get(`incidents/${incident.id}/proposals`).then(take, () => {});
  shown = { id: incident.id, refresh };
  draw();
  refresh();
  return section;
}

function proposal({ node, reason, distance_m: far, radius_m: radius }, incident, held, take) {
  const name = nodeName(node);
  const host = el("div", { class: "neighbour", data: { node } });
  const why = { name, far: distance(far), radius: distance(radius) };
  return fill(
    host,
    el("p", { text: say(WHY[reason] ?? WHY.near, why) }),
    el(
      "div",
      { class: "step-buttons" },
      button(gettext("Share…"), () => askShare(incident, node, held, host), { class: "primary" }),
      button(gettext("Not now"), () => decline(incident, node, take), {
        title: gettext("Not asked again unless the area changes"),
      }),
    ),
  );
}

async function decline(incident, node, take) {
  try {
    take(await post(`incidents/${incident.id}/proposals/${encodeURIComponent(node)}/decline`, {}));
    toast(say(gettext("%(name)s is not suggested again unless the area changes."), { name: nodeName(node) }));
  } catch (problem) {
    toast(problem.message, { bad: true });
  }
}
