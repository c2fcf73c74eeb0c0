/* Around tab: what lay around the incident, by its newest tie, and by older ones. Promises: shows
   the rings of what it says on the map. Must not know: how a survey is made. */

import { merged, surveyView } from "./around.js";
import { stamp } from "./clock.js";
import { el, fill } from "./dom.js";
import { showRings } from "./pointers.js";

/** The newest tie, and older ones by choice. */
export function aroundTab(known, more) {
  const ties = [...(more?.ties.values() ?? [])].sort((a, b) => (a.made_at < b.made_at ? 1 : -1));
  if (!known.location)
    return el("p", {
      class: "empty",
      text: gettext("No position yet. With a position the layers say what lies around."),
    });
  if (!ties.length)
    return el("p", {
      class: "empty",
      text: more ? gettext("Nothing was looked up yet.") : gettext("Loading"),
    });
  const node = el("div", { class: "around" });
  const reason = {
    reported: gettext("when it was reported"),
    moved: gettext("after the position changed"),
    layers: gettext("after layers changed"),
  };
  const show = (tie) => {
    const survey = merged(tie);
    showRings(
      { lon: survey.lon, lat: survey.lat },
      survey.rings.map((ring) => ring.radius_m),
    );
    fill(node, surveyView(survey));
  };
  const label = (tie) => `${stamp(tie.made_at)} ${reason[tie.reason] ?? tie.reason}`;
  const choice =
    ties.length > 1
      ? el(
          "select",
          {
            "aria-label": gettext("Looked up"),
            on: { change: (event) => show(ties[event.target.selectedIndex]) },
          },
          ties.map((tie) => el("option", { text: label(tie) })),
        )
      : null;
  show(ties[0]);
  return [
    el("p", { class: "meta tie-line" }, gettext("Looked up"), " ", choice ?? label(ties[0])),
    node,
  ];
}
