/* Preview: an incident as another node holds it, or would hold it once it is shared. Promises: it
   shows what the node computed from what is really sent, and nothing from the store of this
   browser; it is marked on every edge, nothing in it can be pressed, and what is withheld stands
   there with the reason. Must not know: what is sent where (the node decides that). */

import { get, query } from "./api.js";
import { merged, surveyView } from "./around.js";
import { now, stamp } from "./clock.js";
import { button, el, fill } from "./dom.js";
import { casualties, facts, summary } from "./facts.js";
import { holders, nodeName } from "./nodes.js";
import { receiptsOf } from "./receipts.js";
import { districtName } from "./sharing.js";
import { timeline } from "./timeline.js";
import { fieldName, GRADES, gradeName, listed, say, stateName, typeName } from "./words.js";

const WHAT = {
  reporter: () => fieldName("reporter"),
  site_contact: () => fieldName("site_contact"),
  sensitive: () => gettext("Surroundings of restricted layers"),
  personal: () => gettext("Personal parts"),
  entry: () => gettext("Timeline entries"),
  attachment: () => gettext("Pictures and PDF"),
  tie: () => gettext("Surroundings"),
  share: () => gettext("Who else holds it"),
  request: () => gettext("Requests"),
  answer: () => gettext("Answers"),
  receipt: () => gettext("Receipts"),
  activation: () => gettext("Plans"),
  task: () => gettext("Tasks"),
  step: () => gettext("Answers to tasks"),
  report: () => gettext("First reports"),
};
const WHY = {
  not_cleared: gettext("the link with that node is not cleared for personal parts"),
  way_not_cleared: gettext("the link with %(way)s, which passes it on, is not cleared for personal parts"),
  up_to_above: gettext("up to %(way)s, which passes it on"),
  not_here: gettext("this node was not given it either"),
  not_for_it: gettext("written for other nodes only"),
};

/** A button that opens the view. */
export const seeAs = (incident, node, label = gettext("See it as this node")) =>
  button(label, () => open(incident, node), {
    class: "text see-as",
    title: say(gettext("What %(name)s holds of it, read only"), { name: nodeName(node) }),
  });

function open(incident, node) {
  const name = nodeName(node);
  const body = el("div", { class: "preview-body", tabindex: "0" });
  const dialog = el(
    "dialog",
    { class: "preview", "aria-label": say(gettext("Seen as %(name)s"), { name }) },
    el(
      "header",
      { class: "preview-head" },
      el(
        "p",
        { class: "preview-mark" },
        el("strong", { text: say(gettext("Seen as %(name)s"), { name }) }),
        " ",
        el("span", { class: "mark", text: gettext("read only") }),
      ),
      button("×", () => dialog.close(), {
        class: "bare",
        title: gettext("Close"),
        key: "Esc",
        "aria-label": gettext("Close"),
      }),
    ),
    body,
  );
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("keydown", (event) => event.stopPropagation()); // no keys of the desk
  document.body.append(dialog);
  dialog.showModal();
  load(body, incident, node);
}

async function load(body, incident, node) {
  fill(body, el("p", { class: "empty", text: gettext("Loading") }));
  try {
    const seen = await get(`incidents/${incident.id}/preview?${query({ node })}`);
    fill(body, view(seen, new Date(now()).toISOString()));
  } catch (problem) {
    const text = Object.values(problem.fields ?? {})[0] ?? problem.message;
    const again = button(gettext("Try again"), () => load(body, incident, node));
    fill(body, el("p", { class: "complaint", role: "alert", text }), again);
  }
}

function view(seen, at) {
  const tie = [...seen.ties].sort((a, b) => (a.made_at < b.made_at ? 1 : -1))[0];
  return [
    el("p", { class: "preview-state", text: standing(seen, at) }),
    withheldView(seen),
    ...itself(seen),
    section(gettext("Timeline"), timeline(seen, keyed(seen), { me: { verbs: [] } })),
    section(
      gettext("Around"),
      tie ? el("div", { class: "around" }, surveyView(merged(tie))) : nothing(),
    ),
    section(gettext("Pictures and PDF"), files(seen.attachments)),
    seen.id && section(gettext("Nodes that hold it"), nodes(seen)),
  ];
}

const SWITCHED_ON = gettext(
  "Personal details go there since %(at)s: of what went before, %(name)s gets them with the next change.",
);
const SWITCHED_OFF = gettext(
  "Personal details go there no more since %(at)s: what went before, %(name)s still holds.",
);

function standing({ node, held, way, unread, switched }, at) {
  const said = { name: nodeName(node), way: nodeName(way), time: stamp(at), n: unread };
  return [
    say(
      held
        ? gettext("%(name)s may hold this, as of %(time)s; what is not delivered yet is included.")
        : gettext("%(name)s does not hold it. Once it is shared, this is what goes there, as of %(time)s."),
      said,
    ),
    switched && say(switched.cleared ? SWITCHED_ON : SWITCHED_OFF, { ...said, at: stamp(switched.at) }),
    way && say(gettext("It goes by way of %(way)s."), said),
    unread > 0 && say(gettext("%(n)s more go there that this node cannot read."), said),
  ]
    .filter(Boolean)
    .join(" ");
}

const itself = (seen) =>
  seen.id
    ? [
        el(
          "div",
          { class: "panel-line" },
          el("span", {
            class: `badge grade-${seen.grade ?? 0}`,
            text: GRADES[seen.grade] ?? "—",
            title: gradeName(seen.grade),
          }),
          el("span", { class: `state state-${seen.state}`, text: stateName(seen.state) }),
          el("span", { class: "meta number", text: seen.number }),
          el("span", { class: "mark foreign", text: nodeName(seen.home) }),
        ),
        el("h2", { class: "panel-title", text: seen.title }),
        el("p", { class: "meta", text: [typeName(seen), districtName(seen)].filter(Boolean).join(" · ") }),
        ...summary(seen),
        casualties(seen.casualties),
        facts(seen, { onMap: false }),
      ]
    : [el("p", { class: "empty", text: gettext("The incident itself does not go there.") })];

const section = (title, content) => el("section", {}, el("h3", { text: title }), content);
const nothing = () => el("p", { class: "quiet", text: gettext("Nothing.") });

const LISTS =
  (
    "entries shares requests answers receipts activations ends tasks task_steps reports deadline_steps " +
    "round_orders round_reports round_reminders supplements directives task_reminders"
  ).split(" ");

/** Lists of the answer as the timeline takes them: maps by id. */
const keyed = (seen) => ({
  history: seen.history,
  ...Object.fromEntries(
    LISTS.map((name) => [name, new Map(seen[name].map((one) => [one.id, one]))]),
  ),
});

const nodes = (seen) =>
  el(
    "ul",
    {},
    holders(seen, seen.shares).map(({ node }) =>
      el("li", {}, nodeName(node), receiptsOf({ receipts: keyed(seen).receipts }, node)),
    ),
  );

const files = (list) =>
  list.length
    ? el("ul", {}, list.map(({ name }) => el("li", { class: "file-name", text: name })))
    : nothing();

function withheldView({ withheld, way }) {
  const names = new Map();
  for (const { what, why, count } of withheld) {
    const name = WHAT[what]?.() ?? what;
    names.set(why, [...(names.get(why) ?? []), count > 1 ? `${name} (${count})` : name]);
  }
  return el(
    "section",
    { class: "withheld" },
    el("h3", { text: gettext("Withheld") }),
    names.size
      ? el(
          "ul",
          {},
          [...names].map(([why, list]) =>
            el(
              "li",
              {},
              el("strong", { text: listed(list) }),
              " ",
              el("span", { class: "meta", text: say(WHY[why] ?? why, { way: nodeName(way) }) }),
            ),
          ),
        )
      : el("p", { class: "meta", text: gettext("Nothing: all of it goes there, personal parts too.") }),
  );
}
