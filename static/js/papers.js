/* Papers: the ways from what was written here to the documents of it. Promises: shown to who may
   issue them for the organisation that wrote it; the desk stays open beside. Must not know: what a
   document says, where it is shown. */

import { el } from "./dom.js";
import { HERE, isForeign } from "./nodes.js";
import { OPEN_STATES } from "./words.js";

const KINDS = {
  report: gettext("Duty bulletin"),
  special: gettext("Special bulletin"),
  response: gettext("Response notice"),
};

/** The way to the archive package of a closed incident, for who may archive one. */
export const packageLink = (incident, me) =>
  !isForeign(incident) &&
  !OPEN_STATES.includes(incident.state) &&
  me.verbs.includes("incident.archive") &&
  el("p", { class: "papers" }, el("a", { href: `/incidents/${incident.id}/package`, text: gettext("Archive package") }));

/** Links to new documents: `name` is of who wrote or signed it, `ways` are [kind, what of]. */
export function paperLinks(me, home, name, ways) {
  const ours = home === HERE && name.startsWith(`${me.organisation_name} `);
  if (!ours || !me.verbs.includes("document.issue")) return null;
  return el(
    "p",
    { class: "papers" },
    el("span", { class: "meta", text: gettext("Document:") }),
    ways.map(([kind, of]) => el("a", { href: `/documents/new/${kind}/${of}`, target: "_blank", rel: "noopener", text: KINDS[kind] })),
  );
}
