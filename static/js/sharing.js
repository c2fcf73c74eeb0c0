/* Sharing: which organisations of this node see an incident, and on what ground. Promises:
   says who will know before anything is opened; only what was shown by hand can be withdrawn, and
   of an incident of another node only what this one shows.
   Must not know: other nodes (nodesharing.js). */

import { get, post, query, remove } from "./api.js";
import { button, el } from "./dom.js";
import { HERE, isForeign, nodeName } from "./nodes.js";
import { REALM } from "./realm.js";
import { receiptsOf } from "./receipts.js";
import { takeDetail } from "./store.js";
import { toast } from "./toast.js";
import { groundName, listed, named, say } from "./words.js";

let organisations = null; // code -> organisation, fetched once

async function known() {
  organisations ??= new Map((await get(`organisations?${query({ realm: REALM })}`)).map((one) => [one.code, one]));
  return organisations;
}

/** Every organisation that this officer may name. */
export const everyOrganisation = async () => [...(await known()).values()];

/** Fetch the names early; they are few and change rarely. */
export const startSharing = () => known().catch(() => {});

/** The name of an organisation in the language of the page. */
export const nameOf = (code, otherwise = code) =>
  organisations?.has(code) ? named(organisations.get(code)) : otherwise;

/** Does it act where this desk is? In an exercise a plan names also those that take no part. */
export const acts = (code) => organisations?.get(code)?.acts ?? true;

/** The district in which an incident lies. */
export const districtName = ({ district, district_name: name }) => nameOf(district, name);

export function sharing(incident, more, { me }) {
  const may = me.verbs.includes("incident.share");
  const byHand = isForeign(incident) ? ["here"] : ["shared", "here"];
  const here = (more?.shownHere ?? []).map((code) => ({ code, ground: "here" }));
  const byCode = new Map();
  for (const { code, ground } of [...incident.organisations, ...here])
    byCode.set(code, [...(byCode.get(code) ?? []), ground]);
  return el(
    "section",
    { class: "sharing" },
    el("h3", { text: gettext("Visible to") }),
    el(
      "ul",
      {},
      [...byCode].filter(([code]) => organisations?.get(code)?.sees ?? true).map(([code, grounds]) =>
        el(
          "li",
          {},
          el("span", { class: "organisation", text: nameOf(code) }),
          el("span", { class: "meta", text: listed(grounds.map(groundName)) }),
          may &&
            grounds.every((ground) => byHand.includes(ground)) &&
            button(gettext("Withdraw"), () => withdraw(incident, code), {
              class: "text danger last",
              title: say(gettext("%(name)s will not see it any more"), { name: nameOf(code) }),
            }),
          receiptsOf(more, HERE, code),
        ),
      ),
    ),
    el("p", {
      class: "meta",
      text: gettext("The duty desk of this node sees every incident here."),
    }),
    me.verbs.includes("rights.explain") &&
      el("p", {}, el("a", {
        href: `/why?${query({ incident: incident.number })}`,
        text: gettext("Why does somebody see it?"),
      })),
    may &&
      isForeign(incident) &&
      el("p", {
        class: "meta",
        text: say(
          gettext("%(name)s is in charge of it. What you choose here holds on this node alone; whom you show it gives receipts that are seen there."),
          { name: nodeName(incident.home) },
        ),
      }),
    may && more && adder(incident, byCode),
  );
}

const chosen = new Map(); // id of an incident -> the organisation that is chosen for it

function adder(incident, seen) {
  if (!organisations) return null;
  const rest = [...organisations.values()].filter((one) => one.sees && !seen.has(one.code));
  if (!rest.length) return null;
  const select = el(
    "select",
    { "aria-label": gettext("Organisation") },
    el("option", {
      value: "",
      text: isForeign(incident) ? gettext("Show it on this node to…") : gettext("Show it to…"),
    }),
    rest.map((one) => el("option", { value: one.code, text: named(one) })),
  );
  const kept = chosen.get(incident.id);
  select.value = rest.some(({ code }) => code === kept) ? kept : ""; // it is drawn anew meanwhile
  const show = button(gettext("Open it to them"), () => open(incident, select.value), {
    disabled: !select.value,
    data: { act: "open-to" },
  });
  select.addEventListener("change", () => {
    chosen.set(incident.id, select.value); // arrow keys choose too: nothing is opened by it
    show.disabled = !select.value;
  });
  return el("p", { class: "adder" }, select, show);
}

async function open(incident, code) {
  try {
    takeDetail(await post(`incidents/${incident.id}/organisations`, { code }));
    chosen.delete(incident.id);
    toast(say(gettext("%(name)s sees it now."), { name: nameOf(code) }), {
      act: [gettext("Undo"), () => withdraw(incident, code)],
    });
  } catch (problem) {
    toast(problem.message, { bad: true });
  }
}

async function withdraw(incident, code) {
  try {
    takeDetail(await remove(`incidents/${incident.id}/organisations/${encodeURIComponent(code)}`));
    toast(say(gettext("%(name)s does not see it any more."), { name: nameOf(code) }), {
      act: [gettext("Undo"), () => open(incident, code)],
    });
  } catch (problem) {
    toast(problem.message, { bad: true });
  }
}
