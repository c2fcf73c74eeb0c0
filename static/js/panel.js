/* Panel: one incident in the right column. Owns its frame: header, tabs, the entry line at the
   foot, and what it says when the incident is gone. Promises: follows the store while it is
   open; keeps what is being written; an incident that is withdrawn leaves the panel and says
   so. Must not know: what a tab shows (overview.js, timeline.js, around.js). */

import { get } from "./api.js";
import { aroundTab } from "./aroundtab.js";
import { byId, el, fill } from "./dom.js";
import { editView } from "./edit.js";
import { entryLine } from "./entryline.js";
import { showRings, showSelected } from "./pointers.js";
import { overview } from "./overview.js";
import { HERE, holders, isForeign, nodeName, whenNodesChange } from "./nodes.js";
import { headView } from "./panelhead.js";
import { tellOpened } from "./receipts.js";
import { reportsView } from "./reports.js";
import { roundsNow } from "./rounds.js";
import { markSeen } from "./seen.js";
import { awaitDetail, detail, drop, incident, isWanted, on, takeDetail } from "./store.js";
import { tasksView } from "./tasks.js";
import { timeline } from "./timeline.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

const TABS = {
  overview: gettext("Overview"),
  timeline: gettext("Timeline"),
  reports: gettext("Reports"),
  tasks: gettext("Tasks"),
  around: gettext("Around"),
};
const parts = {};
let context = {}; // me, types, opened(id), closed()
let shown = null; // id
let tab = "overview";
let editing = null; // the edit view, while it is open
let line = null; // the entry line of the shown incident

export function startPanel(given) {
  context = given;
  on("incidents", (ids) => shown && ids.has(shown) && draw());
  on("aside", fetchAside);
  whenNodesChange(() => shown && parts.frame && showReaders());
  on("gone", (known) => known.id === shown && lose(known));
}

/** The shown incident is not this officer's to see any more; what was being written is kept. */
function lose(known) {
  const lost = line?.unsent();
  closePanel();
  toast(
    [
      say(gettext("%(title)s is no longer visible to you."), { title: known.title }),
      lost && gettext("What you were writing is kept as a draft."),
    ]
      .filter(Boolean)
      .join(" "),
    { bad: true },
  );
}

export const shownId = () => shown;

/** What a frame has announced and not told is asked for until the node answers. */
const fetchAside = (id) =>
  get(`incidents/${id}`).then(
    (answer) => isWanted(id) && takeDetail(answer),
    ({ status }) => {
      if (!status || status >= 500) setTimeout(() => fetchAside(id), 3000);
    },
  );

/** Open an incident, and fetch all that is written about it; `at` names the tab. */
export async function openPanel(id, at = tab) {
  tab = at;
  if (shown !== id) {
    leaveEditing();
    shown = id;
    line = null;
    fill(byId("panel"));
    parts.frame = null;
  }
  markSeen(id);
  byId("panel").hidden = false;
  document.body.classList.add("panel-open");
  context.opened(id);
  draw();
  await refreshPanel();
}

/** Fetch the shown incident anew. */
export async function refreshPanel() {
  const id = shown;
  if (!id) return;
  awaitDetail(id);
  try {
    const answer = await get(`incidents/${id}`);
    if (!isWanted(id)) return;
    takeDetail(answer);
    if (shown !== id) return;
    draw();
    tellOpened(incident(id), detail(id), context.me);
  } catch (problem) {
    if (problem.status === 404) {
      if (drop(id)) return; // and an answer that is still on its way is not wanted any more
      if (shown === id && parts.drawn?.id === id) lose(parts.drawn);
      else if (shown === id) {
        closePanel();
        toast(gettext("This incident is not visible to you, or it does not exist."), { bad: true });
      }
    } else if (shown === id && parts.note) // in place of what would go on saying that it loads
      fill(incident(id) ? parts.note : parts.body, el("span", { text: problem.message }));
  }
}

export function closePanel() {
  if (!shown) return;
  leaveEditing();
  shown = null;
  line = null;
  if (byId("panel").contains(document.activeElement)) context.closed();
  byId("panel").hidden = true;
  document.body.classList.remove("panel-open");
  showSelected(null);
  showRings(null, []);
  context.opened(null);
}

/** Put the cursor into the entry line. */
export function writeEntry() {
  line?.focus();
}

/** Put the cursor to the nodes that the incident can be shared with. */
export function chooseNode() {
  if (!shown || editing) return;
  showTab("overview");
  parts.body.querySelector(".node-sharing .share-with")?.focus();
}

function showTab(name) {
  tab = name;
  parts.body.querySelector(".ask")?.remove();
  draw();
}

function build() {
  parts.head = el("header", { class: "panel-head" });
  parts.tabs = el(
    "div",
    { class: "tabs", role: "tablist" },
    Object.entries(TABS).map(([name, label]) =>
      el(
        "button",
        {
          type: "button",
          role: "tab",
          id: `tab-${name}`,
          "aria-controls": "tab-body",
          on: { click: () => showTab(name), keydown: onTabKey },
        },
        label,
      ),
    ),
  );
  parts.note = el("p", { class: "complaint panel-note", role: "status" });
  parts.body = el("div", { class: "panel-body", role: "tabpanel", id: "tab-body", tabindex: "-1" });
  parts.body.addEventListener("asked", draw);
  parts.foot = el("div", { class: "column-foot" });
  parts.foot.addEventListener("written", confirmEntry);
  parts.frame = [parts.head, parts.tabs, parts.note, parts.body, parts.foot];
  fill(byId("panel"), parts.frame);
  if (context.me.verbs.includes("entry.write")) {
    line = entryLine(shown, context.me);
    fill(parts.foot, line.element);
  }
}

/** An entry was written on a tab that does not show it. */
function confirmEntry() {
  if (tab === "timeline") return;
  const id = shown;
  const show = () => {
    if (shown === id) return showTab("timeline");
    openPanel(id, "timeline");
  };
  toast(gettext("Written into the timeline"), { act: [gettext("Look"), show] });
}

function onTabKey(event) {
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  const names = Object.keys(TABS);
  showTab(names[(names.indexOf(tab) + by + names.length) % names.length]);
  byId(`tab-${tab}`).focus();
}

function draw() {
  const known = incident(shown);
  if (!parts.frame) build();
  if (!known) {
    fill(parts.body, loading());
    return;
  }
  const more = detail(shown);
  if (editing && isForeign(known)) {
    leaveEditing();
    delete parts.body.dataset.key;
    toast(gettext("Another node is in charge now. What you were writing is kept as a draft."), {
      bad: true,
    });
  }
  showSelected(known);
  drawHead(known);
  const changedHands = parts.drawn?.id === known.id && parts.drawn.term !== known.term;
  if (changedHands) parts.body.querySelector(".ask:not(:has(input, textarea))")?.remove();
  parts.drawn = known;
  for (const button of parts.tabs.children) {
    const chosen = button.id === `tab-${tab}`;
    button.setAttribute("aria-selected", String(chosen));
    button.tabIndex = chosen ? 0 : -1;
  }
  parts.body.setAttribute("aria-labelledby", `tab-${tab}`);
  showReaders();
  if (editing) editing.take(known);
  else drawBody(known, more);
}

/** The entry line says which other nodes will see what is written. */
function showReaders() {
  const known = incident(shown);
  if (!known || !line) return;
  const others = holders(known, detail(shown)?.shares.values() ?? []).filter(
    ({ node }) => node !== HERE,
  );
  line.showReaders(others.map(({ node }) => nodeName(node)));
}

/** A tab is drawn again when what it shows has changed, and not while a line is being corrected. */
function drawBody(known, more) {
  const size = (name) => more?.[name].size ?? -1;
  const revs = (name) => [...(more?.[name].values() ?? [])].reduce((sum, one) => sum + one.rev, 0);
  const [entries, shares] = [revs("entries"), revs("shares")];
  const history = [more?.history.length, more?.history.filter((one) => one.proposal).length];
  const asked = [size("requests"), size("answers"), size("receipts")];
  const told = [revs("drafts"), ...["report_receipts", "deadline_steps", "supplements"].map(size)];
  const rounds = "round_orders round_reports round_reminders supplements directives task_reminders";
  const done = `activations ends tasks task_steps reports deadline_steps ${rounds}`.split(" ").map(size);
  const keys = {
    overview: [known.term, known.rev, size("attachments"), shares, asked, history, more?.shownHere],
    timeline: [entries, history, shares, asked, done, Boolean(more)],
    reports: [known.term, known.rev, size("reports"), told, Boolean(more)],
    tasks: [known.term, known.state, done, roundsNow(known, more), Boolean(more)],
    around: [size("ties"), Boolean(known.location)],
  };
  const key = [shown, tab, ...keys[tab]].join();
  if (parts.body.dataset.key === key || parts.body.querySelector(".ask")) return;
  parts.body.dataset.key = key;
  const at = parts.body.scrollTop;
  showRings(null, []);
  fill(parts.body, views[tab](known, more));
  parts.body.scrollTop = at;
}

/** The head follows the incident's revision, so that a reason being typed in it stays. */
function drawHead(known) {
  const key = [shown, known.term, known.rev, Boolean(editing)].join();
  parts.foot.hidden = !line || Boolean(editing);
  parts.tabs.hidden = Boolean(editing);
  if (parts.head.dataset.key === key) return;
  parts.head.dataset.key = key;
  const focused = document.activeElement?.closest("[data-step], .reason input");
  fill(
    parts.head,
    headView(known, {
      context,
      edit: editing ? null : startEditing,
      close: closePanel,
      failed: (message) => {
        parts.note.textContent = message;
      },
    }),
  );
  if (!focused) return;
  const { step } = focused.dataset;
  parts.head.querySelector(step ? `[data-step="${step}"]` : ".reason input")?.focus();
}

/** Stop editing without deciding: what was typed waits as a draft. */
function leaveEditing() {
  editing?.leave();
  editing = null;
}

function startEditing() {
  const id = shown;
  editing = editView(incident(shown), {
    me: context.me,
    types: [...context.types.values()],
    done: () => {
      editing = null;
      delete parts.body.dataset.key;
      if (shown) draw();
    },
    again: () => incident(shown)?.id === id && startEditing(),
  });
  fill(parts.body, editing.element);
  drawHead(incident(shown));
  editing.focus();
}

const loading = () => el("p", { class: "empty", text: gettext("Loading") });

const views = {
  overview: (known, more) => overview(known, more, { ...context, toTimeline: () => showTab("timeline") }),
  timeline: (known, more) => more ? timeline(known, more, context) : loading(),
  reports: (known, more) => more ? reportsView(known, more, context) : loading(),
  tasks: (known, more) => more ? tasksView(known, more, context) : loading(),
  around: aroundTab,
};
