/* Papers: the ways from what was written here to the documents of it. Promises: shown to who may
   issue them for the organisation that wrote it; the desk stays open beside. Must not know: what a
   document says, where it is shown. */

import { el } from "./dom.js";
import { HERE } from "./nodes.js";

const KINDS = {
  report: gettext("Duty bulletin"),
  special: gettext("Special bulletin"),
  response: gettext("Response notice"),
};

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
