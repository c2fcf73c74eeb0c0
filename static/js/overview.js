/* Overview: an incident's fields as they are now, its attachments, who sees it, and what other
   nodes ask for. Promises: an element that is still open is listed as open; only what the role
   allows can be pressed. Must not know: how fields are shown (facts.js), how changes are made
   (edit.js, sharing.js, nodesharing.js, requests.js). */

import { upload } from "./api.js";
import { stamp } from "./clock.js";
import { button, el } from "./dom.js";
import { elementName, openElements } from "./elements.js";
import { casualties, facts, summary } from "./facts.js";
import { familyView } from "./family.js";
import { gradingView } from "./grading.js";
import { neighbours } from "./neighbours.js";
import { holders } from "./nodes.js";
import { nodeSharing } from "./nodesharing.js";
import { acknowledgement } from "./receipts.js";
import { requestsView } from "./requests.js";
import { sharing } from "./sharing.js";
import { takePart } from "./store.js";
import { toast } from "./toast.js";
import { listed, say } from "./words.js";

export function overview(known, more, context) {
  const held = new Set(holders(known, more?.shares.values() ?? []).map(({ node }) => node));
  return [
    acknowledgement(known, more, context),
    requestsView(known, more, context),
    more && neighbours(known, held, context),
    ...summary(known),
    casualties(known.casualties),
    openLine(known),
    gradingView(known, more, context),
    lateLine(more, context),
    more && familyView(known, context),
    facts(known),
    attachments(known, more, context),
    nodeSharing(known, more, context),
    sharing(known, more, context),
  ].filter(Boolean);
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

/** What was written and does not hold: a person has to ask for it, or to write it again. */
function lateLine(more, { toTimeline }) {
  const n = (more?.history ?? []).filter(({ proposal }) => proposal).length;
  if (!n) return null;
  return el(
    "p",
    { class: "open-elements" },
    el("strong", { text: say(gettext("Proposals that are not in force (%(n)s)"), { n }) }),
    " ",
    button(gettext("See the timeline"), toTimeline, { class: "text" }),
  );
}

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
