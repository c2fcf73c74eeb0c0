/* Main: starts the desk and wires its parts. Promises: the page's data is fetched first and
   its cursor opens the feed, so that nothing between the two is missed; what fails says so and
   leaves the rest working. Must not know: how any part works inside. */

import { get, query, signIn } from "./api.js";
import { startBanner } from "./banner.js";
import { runClock, stamp, synchronise } from "./clock.js";
import { byId, el, fill, meta } from "./dom.js";
import { loadDeadlines, startDeadlines } from "./deadlines.js";
import { startDirectives } from "./directives.js";
import { showSheetOpen, startDock } from "./dock.js";
import { refetchExercise, startExercise, takeExercise, tellAnswer } from "./exercise.js";
import { Feed } from "./feed.js";
import { heldState, isHeld } from "./filterbar.js";
import { toggleGrade } from "./filters.js";
import { showHelp } from "./help.js";
import { startKeys } from "./keys.js";
import { showLamp } from "./lamp.js";
import { startLamps } from "./lamps.js";
import { layerBounds, startLayers, takeLayer } from "./layers.js";
import {
  focusList,
  markOpened,
  openCurrent,
  showAge,
  shownIncidents,
  startList,
  step,
} from "./list.js";
import {
  closePopup,
  createMap,
  goBack,
  hasStoredView,
  mapReady,
  showBox,
  showPoint,
  theMap,
} from "./map.js";
import { closeFlyouts, showLayers, startMapBar } from "./mapbar.js";
import { showIncidents, startMarks } from "./marks.js";
import { startNodes, takeLinks } from "./nodes.js";
import { startNotices } from "./notices.js";
import { chooseNode, closePanel, openPanel, refreshPanel, shownId, startPanel, writeEntry } from "./panel.js";
import { startPointers } from "./pointers.js";
import { REALM } from "./realm.js";
import { startReports } from "./reports.js";
import { loadRollCalls, startRollCalls } from "./rollcall.js";
import { startRoundsDue } from "./roundsdue.js";
import { startRequests } from "./requests.js";
import { startTasks } from "./tasks.js";
import { focusSearch, startSearch } from "./search.js";
import { isUnseen } from "./seen.js";
import { startSharing } from "./sharing.js";
import { closeSheet, heardAgain, openSheet, save, setGrade, sheetIsOpen, startSheet } from "./sheet.js";
import { shownSpot, startSpot } from "./spot.js";
import { apply, forgetDetails, incident, on, takeList } from "./store.js";
import { startSupplements } from "./supplements.js";
import { lookBack, startTicker } from "./ticker.js";
import { toast } from "./toast.js";
import { startUser } from "./user.js";
import { learnName, learnTypes, say } from "./words.js";

const me = JSON.parse(byId("me").textContent);
const TOPICS = ["incidents", "layers", "shares", "exercises", "rollcalls"];
const TYPED_IN = "input:not([type=checkbox]), textarea, select";
const may = (verb) => me.verbs.includes(verb);

function open(id, { fromRow = false } = {}) {
  const known = incident(id);
  if (fromRow && shownId() === id && goBack()) return;
  closePopup();
  openPanel(id);
  if (
    known?.location &&
    (fromRow || !theMap()?.getBounds().contains([known.location.lon, known.location.lat]))
  )
    showPoint(known.location);
}

/** Start a new incident, at a point if one is given; null where the role may not. */
const create = may("incident.report")
  ? (point = null) => {
      closePanel();
      closePopup();
      openSheet(point?.lon === undefined ? null : point);
    }
  : null;

/** Whether a point lies in the box of the districts or not farther than a quarter of it outside:
 * one that is at the other end of the world must not make the city a dot. */
function isNear({ lon, lat }, bounds) {
  if (!bounds) return true;
  const [west, south, east, north] = bounds;
  const [x, y] = [(east - west) / 4, (north - south) / 4];
  return lon >= west - x && lon <= east + x && lat >= south - y && lat <= north + y;
}

/** Frame the listed incidents, or the districts where none is near the city. */
function fit(remember = true) {
  const bounds = layerBounds("districts");
  const points = shownIncidents()
    .map((one) => one.location)
    .filter((point) => point && isNear(point, bounds));
  if (!points.length) {
    if (bounds) showBox(bounds, { remember });
    return;
  }
  const lons = points.map((point) => point.lon);
  const lats = points.map((point) => point.lat);
  showBox([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], {
    remember,
    maxZoom: 13,
    instant: !remember,
  });
}

/** The first view: the officer's own area, or for the city where the incidents are. */
async function firstView() {
  if (hasStoredView() || !theMap()) return;
  if (["district", "zone"].includes(me.organisation_kind)) {
    const [own] = await get(`places?${query({ q: me.organisation_name, limit: 1 })}`).catch(
      () => [],
    );
    if (own?.bounds) return showBox(own.bounds, { remember: false, instant: true });
  }
  fit(false);
}

/** Close the uppermost thing. */
function escape() {
  const at = document.activeElement;
  if (document.body.classList.contains("picking")) document.body.classList.remove("picking");
  else if (at?.matches(TYPED_IN) && !at.closest(".sheet, .panel")) at.blur();
  else if (closeFlyouts() || closePopup()) return;
  else if (sheetIsOpen()) closeSheet();
  else if (shownId()) closePanel();
}

/** A phone shows another section: what covers it goes, drafts stay. */
function leaveFor(section) {
  closeSheet();
  if (section !== "map") closePanel();
}

async function fetchIncidents() {
  const answer = await get(`incidents?${query({ state: heldState(), realm: REALM })}`);
  performance.mark("desk-data"); // marks: what bench/desk.py reads
  takeList(answer, isHeld);
  return answer.cursor;
}

function startFeed(cursor) {
  const feed = new Feed({
    cursor,
    realm: REALM,
    topics: TOPICS,
    apply: (frame) => takeExercise(frame) || apply(frame),
    links: takeLinks,
    synchronise,
    signIn,
    refetch: async () => {
      forgetDetails(shownId());
      refetchExercise();
      const fresh = await fetchIncidents();
      await Promise.all([refreshPanel(), lookBack({ anew: true }), loadDeadlines(), loadRollCalls()]);
      return fresh;
    },
  });
  showLamp(feed);
  startLamps(feed);
  startBanner(feed);
  startNotices();
  feed.addEventListener("state", () => {
    if (feed.isLive) heardAgain();
    const time = stamp(new Date(feed.state.since).toISOString());
    showAge(feed.state.name === "offline" ? say(gettext("as of %(time)s"), { time }) : "");
  });
  runClock(byId("clock"), () => feed.isLive);
  feed.start();
}

/** The map with everything on it but the incidents; one without layers says so and is no less a map. */
async function startGround(types) {
  const layers = get("layers");
  layers.catch(() => {}); // reported where it is waited for
  await mapReady();
  await startLayers(layers).catch((problem) => toast(problem.message, { bad: true }));
  startPointers();
  await startMarks({ types: await types, open });
}

async function start() {
  startUser(me);
  learnName(`${me.username}@${meta("node")}`, me.name);
  startDock({ me, create, leave: leaveFor });
  createMap(byId("map"));
  const typesOfIncidents = get("types");
  const ground = startGround(typesOfIncidents); // while the incidents are on their way
  ground.catch(() => {}); // reported where it is waited for
  const [cursor, types] = await Promise.all([
    fetchIncidents(),
    typesOfIncidents,
    startSharing(),
    startNodes(),
  ]);
  learnTypes(types);
  startPanel({
    me,
    types: new Map(types.map((type) => [type.code, type])),
    opened: markOpened,
    closed: focusList,
    open: openPanel,
    split: create && ((known) => (closePanel(), openSheet(null, { whole: known }))),
  });
  startSheet({
    me,
    types,
    saved: (made, answers) => {
      toast(say(gettext("%(number)s is written down."), { number: made.number }));
      if (answers) tellAnswer(made, answers);
      closePopup();
      openPanel(made.id);
      if (made.location) showPoint(made.location);
    },
    open: (id) => (closeSheet(), open(id)),
    opened: () => showSheetOpen(true),
    closed: () => {
      showSheetOpen(false);
      focusList();
    },
  });
  startList({ open, create, shown: (found) => showIncidents(found, isUnseen) }, types);
  performance.mark("desk-list");
  startTicker({ open });
  startExercise({ me, log: create && ((what) => openSheet(null, what)) });
  startRequests({ open });
  startTasks({ open: openPanel, me });
  startDirectives({ open: openPanel, me });
  startReports({ open: openPanel, me });
  startDeadlines({ open: openPanel, me });
  startRoundsDue({ open: openPanel, me });
  startRollCalls({ me });
  startSupplements({ open: openPanel, me });
  startSearch({ open, create });
  on("layer", takeLayer);
  startFeed(cursor);
  startKeys({
    "/": focusSearch,
    n: create && (() => create(shownSpot())),
    j: () => step(1),
    k: () => step(-1),
    Enter: openCurrent,
    Escape: escape,
    e: writeEntry,
    s: chooseNode,
    l: () => showLayers(),
    f: () => fit(),
    "?": showHelp,
    filter: toggleGrade,
    save: () => sheetIsOpen() && save(),
    grade: (grade) => sheetIsOpen() && setGrade(grade),
  });
  startMapBar({ fit: () => fit(), types, create });
  await ground;
  startSpot({ create });
  showIncidents(shownIncidents(), isUnseen);
  await firstView();
  performance.mark("desk-usable");
  theMap()?.once("idle", () => performance.mark("desk-drawn"));
  document.body.dataset.ready = "true";
  const wanted = new URLSearchParams(location.search).get("incident");
  if (wanted) open(wanted);
}

start().catch((problem) => {
  fill(
    byId("list"),
    el(
      "div",
      { class: "empty" },
      el("p", { text: problem.message || String(problem) }),
      el("p", {}, el("a", { href: "/", text: gettext("Load the page again") })),
    ),
  );
  console.error(problem);
});
