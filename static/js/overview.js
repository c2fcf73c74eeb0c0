/* Overview: an incident's fields as they are now, its attachments, who sees it, and what other
   nodes ask for. Promises:
   不详 is written as 不详 and never as a blank; an element that is still open is listed as open;
   only what the role allows can be pressed. Must not know: how changes are made (edit.js,
   sharing.js, nodesharing.js, requests.js). */

import { upload } from "./api.js";
import { stamp } from "./clock.js";
import { button, el } from "./dom.js";
import { elementName, openElements } from "./elements.js";
import { showPoint } from "./map.js";
import { nodeSharing } from "./nodesharing.js";
import { acknowledgement } from "./receipts.js";
import { requestsView } from "./requests.js";
import { sharing } from "./sharing.js";
import { takePart } from "./store.js";
import { toast } from "./toast.js";
import {
  COLOURS,
  fieldName,
  FIGURES,
  figure,
  gradeName,
  listed,
  PERSON,
  say,
  SYSTEMS,
  UNKNOWN,
} from "./words.js";

const TEXTS = ["cause", "trend", "measures", "next_steps", "leaders_present", "reported_to"];

export function overview(known, more, context) {
  const rows = [
    row("occurred_at", known.occurred_at ? stamp(known.occurred_at) : null),
    row("address", place(known)),
    row("grade", gradeName(known.grade)),
    known.warning_colour && row("warning_colour", COLOURS[known.warning_colour]),
    known.response_level && row("response_level", known.response_level),
    row("source", known.source),
    known.reporter && row("reporter", person(known.reporter)),
    known.site_contact &&
      person(known.site_contact) &&
      row("site_contact", person(known.site_contact)),
    row("received_by", known.received_by),
    known.loss_cny && row("loss_cny", known.loss_cny),
    ...TEXTS.filter((name) => known[name]).map((name) => row(name, known[name])),
    known.state_reason && row("state_reason", known.state_reason),
  ];
  const flags = ["foreigners", "sensitive"]
    .filter((name) => known[name])
    .map((name) => el("span", { class: "mark", text: fieldName(name) }));
  return [
    acknowledgement(known, more, context),
    requestsView(known, more, context),
    known.summary && el("p", { class: "summary", text: known.summary }),
    flags.length ? el("p", { class: "flags" }, flags) : null,
    casualties(known.casualties),
    openLine(known),
    el("dl", { class: "facts" }, rows.filter(Boolean)),
    attachments(known, more, context),
    nodeSharing(known, more, context),
    sharing(known, more, context),
  ].filter(Boolean);
}

const row = (name, value) =>
  el(
    "div",
    {},
    el("dt", { text: fieldName(name) }),
    el("dd", {}, value || el("span", { class: "quiet", text: UNKNOWN })),
  );

function casualties(figures) {
  return el(
    "ul",
    { class: "casualties", "aria-label": fieldName("casualties") },
    Object.entries(FIGURES).map(([name, label]) => {
      const value = figures[name];
      return el(
        "li",
        { class: value === null ? "is-unknown" : value > 0 ? "some" : "none" },
        el("strong", { class: value > 99999 ? "long" : "", text: figure(value) }),
        el("span", { text: label }),
      );
    }),
  );
}

function openLine(known) {
  const all = openElements(known).map((name) => elementName(name, known));
  if (!all.length) return null;
  return el(
    "p",
    { class: "open-elements" },
    el("strong", { text: say(gettext("Open elements (%(n)s)"), { n: all.length }) }),
    " ",
    listed(all),
  );
}

function place({ address, location, district_name: district }) {
  if (!address && !location) return null;
  const { declared } = location ?? {};
  const given =
    declared && declared.crs !== "wgs84"
      ? say(gettext("given as %(text)s"), {
          text: `${declared.lon}, ${declared.lat} ${SYSTEMS[declared.crs]}`,
        })
      : "";
  return [
    el("span", { text: address || district }),
    location &&
      button(`${location.lon.toFixed(5)}, ${location.lat.toFixed(5)}`, () => showPoint(location), {
        class: "text coordinates",
        title: gettext("Show on the map"),
      }),
    given && el("span", { class: "meta", text: given }),
  ].filter(Boolean);
}

const person = (values) =>
  Object.keys(PERSON)
    .map((key) => values[key])
    .filter(Boolean)
    .join(" ");

function attachments(known, more, context) {
  const list = [...(more?.attachments.values() ?? [])];
  const may = context.me.verbs.includes("attachment.add");
  if (!list.length && !may) return null;
  return el(
    "section",
    { class: "attachments" },
    el("h3", {}, gettext("Pictures and PDF"), list.length ? ` ${list.length}` : ""),
    el("ul", {}, list.map(attachment)),
    may && addAttachment(known),
  );
}

function attachment({ id, name, media_type: type, size, author_name: author, recorded_at: at }) {
  const url = `/api/attachments/${encodeURIComponent(id)}`;
  const picture = type.startsWith("image/")
    ? el("img", { src: url, alt: "", loading: "lazy" })
    : el("span", { class: "mark", text: "PDF" });
  const kib = Math.max(1, Math.round(size / 1024));
  return el(
    "li",
    {},
    el("a", { href: url, download: name }, picture, el("span", { class: "file-name", text: name })),
    el("span", {
      class: "meta",
      text: `${kib.toLocaleString("en-US")} KiB · ${author} · ${stamp(at)}`,
    }),
  );
}

function addAttachment(known) {
  const input = el("input", {
    type: "file",
    accept: "image/jpeg,image/png,image/webp,image/gif,application/pdf",
    multiple: true,
    class: "only-spoken",
    "aria-label": gettext("Add pictures or PDF"),
  });
  const add = button(gettext("Add pictures or PDF"), () => input.click());
  input.addEventListener("change", async () => {
    add.disabled = true;
    for (const file of input.files) {
      try {
        takePart("attachment", await upload(`incidents/${known.id}/attachments`, file));
      } catch (problem) {
        toast(`${file.name}: ${problem.message}`, { bad: true });
      }
    }
    add.disabled = false;
    input.value = "";
  });
  return el(
    "div",
    { class: "add-file" },
    add,
    input,
    el("span", { class: "meta", text: gettext("at most 10 MB each") }),
  );
}
