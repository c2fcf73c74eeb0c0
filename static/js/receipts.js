/* Receipts: who has an incident before them: opened and acknowledged, by node, organisation and role.
   Promises: opened is told once, when all of the incident was on a visible screen; acknowledged is
   pressed by a person; the desk in charge is asked for neither. Must not know: how a receipt
   travels, who may hold the incident (nodesharing.js). */

import { post } from "./api.js";
import { stamp } from "./clock.js";
import { button, el } from "./dom.js";
import { HERE, isForeign, nodeName } from "./nodes.js";
import { nameOf } from "./sharing.js";
import { takePart } from "./store.js";
import { toast } from "./toast.js";
import { roleName, say } from "./words.js";

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

/** What is known of the receipts of a node, or of one organisation of this node: a list with a line
 * for every organisation and role, how far it came; null where there is none. */
export function receiptsOf(more, node, organisation = null) {
  const reached = new Map();
  for (const one of more?.receipts.values() ?? []) {
    if (one.home !== node || (organisation !== null && one.organisation !== organisation)) continue;
    const key = `${one.organisation} ${one.role}`;
    if (reached.get(key)?.kind !== "acknowledged") reached.set(key, one);
  }
  if (!reached.size) return null;
  const lines = [...reached.values()].sort(
    (a, b) => a.kind.localeCompare(b.kind) || Date.parse(a.recorded_at) - Date.parse(b.recorded_at),
  );
  return el(
    "ul",
    { class: "receipts" },
    lines.map(({ kind, role, organisation: code, author_name: author, recorded_at: at }) => {
      const unit = nameOf(code, author.split(" ")[0]); // "organisation person"
      const named = organisation !== null || unit === nodeName(node);
      const who = named ? roleName(role) : `${roleName(role)} · ${unit}`;
      const text = WORDS[kind]({ time: stamp(at), who });
      return el("li", { class: `receipt is-${kind}`, title: author, text });
    }),
  );
}
