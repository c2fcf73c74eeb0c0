/* Receipts: who has an incident before them: opened and acknowledged, by node, organisation and role.
   Promises: opened is told once, when all of the incident was on a visible screen; acknowledged is
   pressed by a person; the desk in charge is asked for neither. Must not know: how a receipt
   travels, who may hold the incident (nodesharing.js). */

import { post } from "./api.js";
import { stamp } from "./clock.js";
import { button, el } from "./dom.js";
import { HERE, isForeign } from "./nodes.js";
import { takePart } from "./store.js";
import { toast } from "./toast.js";
import { listed, roleName, say } from "./words.js";

const pending = new Set(); // ids of incidents whose receipt is on its way

const isDue = (incident, me) =>
  me.verbs.includes("incident.receive") && (isForeign(incident) || !me.everywhere);

const own = (more, me, kind) =>
  [...more.receipts.values()].find(
    (one) =>
      one.home === HERE &&
      one.organisation === me.organisation &&
      one.role === me.role &&
      one.kind === kind,
  );

/** Tell once that it was opened; what fails is told at the next opening. */
export async function tellOpened(incident, more, me) {
  const told = !isDue(incident, me) || own(more, me, "opened") || pending.has(incident.id);
  if (told || document.hidden) return;
  pending.add(incident.id);
  await give(incident, "opened").catch(() => {});
  pending.delete(incident.id);
}

async function give(incident, kind) {
  takePart("receipt", await post(`incidents/${incident.id}/receipts`, { kind }), incident.id);
}

/** The line at the top of an incident that this role has not acknowledged yet, or has. */
export function acknowledgement(incident, more, { me }) {
  if (!more || !isDue(incident, me)) return null;
  const given = own(more, me, "acknowledged");
  if (given) {
    const said = { time: stamp(given.recorded_at), who: given.author_name };
    return el(
      "p",
      { class: "acknowledgement is-given" },
      el("span", { "aria-hidden": "true", text: "✓ " }),
      say(gettext("Acknowledged %(time)s by %(who)s"), said),
    );
  }
  const act = button(
    gettext("Acknowledge"),
    async () => {
      act.disabled = true;
      try {
        await give(incident, "acknowledged");
      } catch (problem) {
        act.disabled = false;
        toast(problem.message, { bad: true });
      }
    },
    { class: "primary" },
  );
  return el(
    "div",
    { class: "acknowledgement" },
    act,
    el("span", {
      class: "meta",
      text: gettext("Everybody who holds this incident sees that you have it."),
    }),
  );
}

const WORDS = {
  acknowledged: (said) => say(gettext("acknowledged %(time)s: %(who)s"), said),
  opened: (said) => say(gettext("opened %(time)s: %(who)s"), said),
};

/** What is known of the receipts of a node, or of one organisation of this node: a list, the
 * first acknowledgement before the first opening; null where there is none. */
export function receiptsOf(more, node, organisation = null) {
  const found = [...(more?.receipts.values() ?? [])].filter(
    (one) => one.home === node && (organisation === null || one.organisation === organisation),
  );
  if (!found.length) return null;
  return el(
    "ul",
    { class: "receipts" },
    ["acknowledged", "opened"].map((kind) => {
      const some = found
        .filter((one) => one.kind === kind)
        .sort((a, b) => Date.parse(a.recorded_at) - Date.parse(b.recorded_at));
      if (!some.length) return null;
      const roles = [...new Set(some.map((one) => roleName(one.role)))];
      const who = some.map((one) => `${one.author_name}, ${stamp(one.recorded_at)}`).join("\n");
      const text = WORDS[kind]({ time: stamp(some[0].recorded_at), who: listed(roles) });
      return el("li", { class: `receipt is-${kind}`, title: who, text });
    }),
  );
}
