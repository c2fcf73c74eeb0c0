/* Reports: the chain of reports upward of one incident: first by phone and in writing, follow-ups, the
   final one; what waits for a signature; which nodes have each and who took it. Promises: what is not
   signed says so and is shown as no report; what was said to be 不详 stays listed as open; what was
   issued is shown as it was signed. Must not know: the forms (reportforms.js), limits (firstreports.js). */

import { get, post } from "./api.js";
import { changeRows } from "./changes.js";
import { stamp } from "./clock.js";
import { button, el, fill } from "./dom.js";
import { firstReport, KINDS, reportView } from "./firstreports.js";
import { line } from "./lines.js";
import { above, HERE, isForeign, nodeName, whenNodesChange } from "./nodes.js";
import { chinese } from "./numbers.js";
import { packageLink, paperLinks } from "./papers.js";
import { askBack, askDraft, askReturn, askSignature, saysSince } from "./reportforms.js";
import { incident as known, on, takePart } from "./store.js";
import { supplementView } from "./supplements.js";
import { speak, toast } from "./toast.js";
import { fieldName, isEnglish, listed, OPEN_STATES, say } from "./words.js";

const STATES = {
  submitted: gettext("Waits for signature"),
  signed: gettext("Signed"),
  returned: gettext("Returned"),
  withdrawn: gettext("Withdrawn"),
};
const NUMBERED = { followup: gettext("Follow-up %(n)s"), supplement: gettext("Supplement %(n)s") };
const ASKED_EVERY = 5000; // ms between two questions where a report has arrived

/** What a report is called, with its number where its kind is counted. */
export const reportName = ({ kind, number }) =>
  number ? say(NUMBERED[kind], { n: isEnglish ? number : chinese(number) }) : (KINDS[kind] ?? kind);
export const draftName = ({ kind, state }) => `${KINDS[kind] ?? kind} · ${STATES[state] ?? state}`;

const waiting = new Map(); // id of a draft -> what closes its notice

/** Say what waits for this officer's signature, what came back, and what other nodes report. */
export function startReports({ open, me }) {
  on("activity", ({ type, item, actor }) => {
    const about = known(item.incident);
    if (!about) return;
    const account = `${me.username}@${HERE} `;
    if (type === "draft.closed") waiting.get(item.id)?.();
    const text = actor?.startsWith(account) ? "" : noticeOf(type, item, me, account);
    if (!text) return;
    const said = say(text, { title: about.title, name: nodeName(item.home) });
    const act = [gettext("Open the incident"), () => open(item.incident, "reports")];
    const close = toast(said, { act, stays: true });
    if (type === "draft.submitted") waiting.set(item.id, close);
    speak(said);
  });
}

function noticeOf(type, item, me, account) {
  if (type === "draft.submitted" && me.verbs.includes("report.sign"))
    return gettext("A report waits for your signature: %(title)s");
  if (item.state === "returned" && item.author.startsWith(account))
    return gettext("Your report was returned: %(title)s");
  if (type === "report.issued" && item.home !== HERE && me.verbs.includes("incident.receive"))
    return gettext("%(name)s reports: %(title)s");
  return "";
}

const byTime = (a, b) => Date.parse(a.recorded_at) - Date.parse(b.recorded_at);

/** The tab. */
export function reportsView(incident, more, { me }) {
  const counts = ({ home }) => home === incident.home || more.homes.includes(home);
  const every = [...more.reports.values()].sort(byTime);
  const made = every.filter(counts);
  const first = (kind) => made.find((one) => one.kind === kind);
  const drafts = isForeign(incident) ? [] : [...more.drafts.values()].sort(byTime);
  const pending = drafts.find(({ state }) => state === "submitted");
  const isOpen = OPEN_STATES.includes(incident.state);
  const kinds = pending ? [] : whoseTurn(incident, made);
  const last = drafts.at(-1);
  const back = ["returned", "withdrawn"].includes(last?.state) && kinds.includes(last.kind) ? last : null;
  const host = el("div", { data: { asks: `report.${incident.id}` } });
  const later = every.filter((one) => !counts(one) || !["phone", "written"].includes(one.kind));
  const next = [nextSteps(host, incident, me, { kinds, back }), host];
  const section = el(
    "section",
    { class: "reports" },
    supplementView(incident, made),
    !isOpen && next,
    pending && draftView(pending, me),
    back?.state === "returned" && returnedView(back, me),
    ["phone", "written"].map((kind) => {
      const one = first(kind);
      const body = one && (one.signed_by ? issuedView(one, more, incident, me) : reportView(one, incident));
      return firstReport(kind, one, body, { incident, more, me });
    }),
    later.map((one) =>
      el(
        "div",
        { class: "first-report is-made", data: { report: one.kind } },
        el("h3", { text: counts(one) ? reportName(one) : `${reportName(one)} · ${nodeName(one.home)}` }),
        one.signed_by ? issuedView(one, more, incident, me) : reportView(one, incident),
      ),
    ),
    isOpen && next,
    packageLink(incident, me),
  );
  watchArrivals(section, incident, made);
  return section;
}

/** The kinds of reports that may come next. */
function whoseTurn({ state }, made) {
  if (!OPEN_STATES.includes(state)) return state === "concluded" && made.length ? ["supplement"] : [];
  const has = made.some(({ kind }) => kind === "written");
  return [!has && "written", ...(made.length ? ["followup", "final"] : [])].filter(Boolean);
}

/** Buttons for them. */
function nextSteps(host, incident, me, { kinds, back }) {
  if (isForeign(incident) || !me.verbs.includes("report.draft") || !kinds.length) return null;
  const labels = {
    written: gettext("Draft the first report"),
    followup: gettext("Draft a follow-up"),
    final: gettext("Draft the final report"),
    supplement: gettext("Draft a supplement"),
  };
  return el(
    "div",
    { class: "step-buttons" },
    kinds.map((kind, index) =>
      button(
        labels[kind],
        () =>
          askDraft(host, incident, kind, back?.kind === kind ? back : null).catch(({ message }) =>
            toast(message, { bad: true }),
          ),
        { class: index === 0 && kind !== "supplement" ? "primary" : "", data: { draft: kind } },
      ),
    ),
  );
}

/** What waits for a signature, with its words for who drafts or signs. */
function draftView(draft, me) {
  const body = el("div", {});
  const may = me.verbs.includes("report.draft");
  const node = el(
    "div",
    { class: "first-report is-waiting", data: { draft: draft.id, asks: `signature.${draft.id}` } },
    el("h3", {}, KINDS[draft.kind], " ", el("span", { class: "mark waits", text: STATES.submitted })),
    el("p", { class: "meta", text: `${draft.author_name} · ${stamp(draft.recorded_at)}` }),
    body,
  );
  if (!may) return node;
  const signs = me.verbs.includes("report.sign");
  const take = (act) => () => act(node, draft, me).catch(({ message }) => toast(message, { bad: true }));
  const acts = () =>
    el(
      "div",
      { class: "step-buttons" },
      button(signs ? gettext("Sign and issue") : gettext("Issue on oral approval"), take(askSignature), {
        class: "primary",
        data: { act: "sign" },
      }),
      signs && button(gettext("Return"), take(askReturn), { data: { act: "return" } }),
      button(gettext("Take back"), take(askBack), { class: "text danger last", data: { act: "withdraw" } }),
    );
  get(`drafts/${draft.id}`).then(
    (whole) => {
      fill(body, wordsOf(whole), sinceView(whole.since));
      node.append(acts()); // what was not read is not signed
    },
    ({ message }) => fill(body, el("p", { class: "complaint", text: message })),
  );
  return node;
}

/** That a report came back, and why, for who drafts. */
function returnedView({ id, kind, closed_by_name: who }, me) {
  const node = el(
    "p",
    { class: "open-elements", role: "status" },
    el("strong", { text: say(gettext("%(report)s was returned"), { report: KINDS[kind] }) }),
  );
  if (me.verbs.includes("report.draft"))
    get(`drafts/${id}`).then(({ reason }) => node.append(` ${reason} · ${who}`), () => {});
  return node;
}

/** What the incident says otherwise by now: the draft stays as it was submitted. */
function sinceView(since) {
  const text = saysSince(since);
  return text && el("p", { class: "open-elements", text });
}

const wordsOf = ({ text, recipient }) => [
  el("p", { class: "meta", text: say(gettext("to %(who)s"), { who: recipient }) }),
  el("p", { class: "line-text report-text", text }),
];

/** A report that was issued here or elsewhere. */
function issuedView(report, more, incident, me) {
  const { reported_at: at, recipient, text, before, elements, oral } = report;
  const open = [...report.unknown, ...report.lacking];
  const rows = Object.keys(before).flatMap((name) => changeRows(name, before[name], elements[name]));
  const all = report.filled.length + report.lacking.length;
  return [
    el("p", { text: say(gettext("%(time)s to %(who)s"), { time: stamp(at), who: recipient }) }),
    el("p", {
      text: say(gettext("%(n)s of %(all)s elements, complete to %(share)s"), {
        n: report.filled.length,
        all,
        share: `${report.complete}%`,
      }),
    }),
    open.length > 0 &&
      el("p", {
        class: "open-elements",
        text: say(gettext("Open then: %(names)s"), { names: listed(open.map(fieldName)) }),
      }),
    rows.length > 0 && report.kind !== "written" && el("ul", { class: "changes" }, rows),
    el(
      "details",
      { open: report.kind !== "written" },
      el("summary", { text: gettext("What it says") }),
      el("p", { class: "line-text report-text", text }),
    ),
    el("p", {
      class: "meta",
      text: say(gettext("drafted by %(author)s, signed by %(signer)s"), {
        author: report.author_name,
        signer: report.signed_by_name,
      }),
    }),
    oral.name &&
      el("p", {
        class: "meta",
        text: say(gettext("approved by word of mouth: %(name)s, %(time)s"), {
          name: oral.name,
          time: stamp(oral.at),
        }),
      }),
    paperLinks(me, report.home, report.signed_by_name, [
      ["report", `report/${report.id}`],
      ["special", `report/${report.id}`],
    ]),
    receiptsView(report, more, incident, me),
  ];
}

function receiptsView(report, more, incident, me) {
  const given = [...more.report_receipts.values()].filter((one) => one.report === report.id);
  const foreign = report.home !== HERE;
  const mine = given.some((one) => one.home === HERE && one.organisation === me.organisation);
  return el(
    "div",
    { class: "report-receipts" },
    el("ul", { class: "receipts" }, [
      !foreign && el("li", { class: "receipt arrivals", data: { report: report.id } }),
      given.sort(byTime).map((one) =>
        el("li", {
          class: "receipt is-acknowledged",
          text: say(gettext("%(name)s took it %(time)s: %(who)s"), {
            name: nodeName(one.home),
            time: stamp(one.recorded_at),
            who: one.author_name,
          }),
        }),
      ),
    ]),
    foreign &&
      !mine &&
      me.verbs.includes("incident.receive") &&
      button(
        gettext("Take the report"),
        () =>
          post(`reports/${report.id}/receipts`, {}).then(
            (one) => takePart("taken", one, incident.id),
            ({ message }) => toast(message, { bad: true }),
          ),
        { class: "primary", data: { act: "take" } },
      ),
  );
}

let watched = null; // {node, incident, reports, askedAt, arrived}: the tab on the screen
whenNodesChange(() => watched?.node.isConnected && askArrivals());

function watchArrivals(node, incident, made) {
  const reports = made.filter((one) => one.home === HERE && one.signed_by);
  watched = reports.length ? { node, incident, reports, askedAt: 0, arrived: {} } : null;
  if (watched) askArrivals();
}

/** Ask until the node above has each of them. */
async function askArrivals() {
  const now = watched;
  const upper = above()?.node;
  const all = now.reports.every(({ id }) => now.arrived[id]?.length && (!upper || now.arrived[id].includes(upper)));
  if (all || performance.now() - now.askedAt < ASKED_EVERY) return;
  now.askedAt = performance.now();
  now.arrived = await get(`incidents/${now.incident.id}/reports/arrived`).catch(() => now.arrived);
  for (const item of now.node.querySelectorAll(".arrivals")) {
    const nodes = now.arrived[item.dataset.report] ?? [];
    const missing = upper && !nodes.includes(upper);
    item.textContent = [
      nodes.length && say(gettext("arrived at %(names)s"), { names: listed(nodes.map(nodeName)) }),
      missing && say(gettext("not yet at %(name)s"), { name: nodeName(upper) }),
    ]
      .filter(Boolean)
      .join(" · ");
    item.classList.toggle("waits", Boolean(missing));
  }
}

/** Reports as lines of the timeline. */
export const reportLines = ({ reports }) =>
  [...reports.values()].map((one) =>
    line(one.reported_at, `${reportName(one)} → ${one.recipient}`, one.author_name, one.text),
  );
