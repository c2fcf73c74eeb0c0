/* Proposal bar: chips beside the narrative with what it seems to say. Promises: nothing is
   taken without a Tab or a click; a Tab is for the place too that is still being looked for; a
   field that the officer answered is never proposed again; a chip that was refused stays away. Must not know: how a text is read (proposals.js). */

import { stamp } from "./clock.js";
import { debounce, el, fill, symbol } from "./dom.js";
import { casualtiesIn, timeIn, typeIn } from "./proposals.js";
import { FIELDS, FIGURES, named, say, UNKNOWN } from "./words.js";

/** {element, look(text), takeAll(), settled()}; `changed(name)` after a chip was taken. */
export function proposalBar({ types, fields, place, changed, findPlaces }) {
  const element = el("div", { class: "proposals", "aria-live": "polite" });
  const refused = new Set();
  let chips = []; // {key, name, label, badge, take}
  let narrative = "";
  let request = null;
  let looking = null; // promise of what is found for the narrative, while a place is looked for
  let found = () => {};
  let wanted = false; // a Tab was pressed meanwhile

  function look(text) {
    narrative = text;
    wanted = false;
    build();
    looking ??= new Promise((resolve) => {
      found = resolve;
    });
    lookForPlace(text);
  }

  function build(places = chips.filter((chip) => chip.name === "address")) {
    const type = typeIn(narrative, types);
    const figures = Object.entries(casualtiesIn(narrative)).filter(
      ([name, value]) => fields.casualties.answered()[name] !== value,
    );
    const time = timeIn(narrative);
    chips = [
      ...(place.read().location ? [] : places),
      type &&
        !fields.type_code.filled() && {
          key: `type:${type.code}`,
          name: "type_code",
          label: `${named(type)}`,
          badge: symbol(type.symbol || "event"),
          take: () => fields.type_code.write(type.code),
        },
      figures.length && {
        key: `figures:${JSON.stringify(figures)}`,
        name: "casualties",
        label: figures.map(([name, value]) => `${FIGURES[name]} ${value ?? UNKNOWN}`).join(" · "),
        take: () => fields.casualties.add(Object.fromEntries(figures)),
      },
      time &&
        !fields.occurred_at.filled() && {
          key: `time:${time}`,
          name: "occurred_at",
          label: stamp(time),
          take: () => fields.occurred_at.write(time),
        },
    ].filter((chip) => chip && !refused.has(chip.key));
    draw();
  }

  const lookForPlace = debounce(250, async (text) => {
    request?.abort();
    const own = (request = new AbortController());
    try {
      if (place.read().location || text.length < 2) return;
      const [best] = await findPlaces(text.slice(0, 300), own.signal);
      const chip = best?.value.kind === "feature" && placeChip(best);
      build(chip ? [chip] : []);
      if (wanted && chips.includes(chip) && !place.input.value.trim()) take(chip);
    } catch {
      // a proposal that cannot be made is none
    } finally {
      if (own === request) {
        looking = null;
        found();
      }
    }
  });

  const placeChip = ({ label, hint, mark, value }) => ({
    key: `place:${value.layer}/${value.id}`,
    name: "address",
    label: [label, hint].filter(Boolean).join(" · "),
    mark,
    badge: symbol("point"),
    take: () => place.takePlace(value),
  });

  function draw() {
    fill(
      element,
      chips.length > 0 &&
        el("span", { class: "meta" }, gettext("Proposed"), " ", el("kbd", { text: "Tab" })),
      chips.map((chip) =>
        el(
          "span",
          { class: "chip" },
          el(
            "button",
            {
              type: "button",
              class: "chip-take",
              title: say(gettext("%(field)s: take this"), { field: FIELDS[chip.name] }),
              on: { click: () => take(chip) },
            },
            chip.badge ?? el("span", { class: "meta", text: FIELDS[chip.name] }),
            el("span", { class: "chip-label", text: chip.label }),
          ),
          el(
            "button",
            {
              type: "button",
              class: "chip-refuse",
              title: gettext("Not this"),
              "aria-label": gettext("Not this"),
              on: { click: () => refuse(chip) },
            },
            "×",
          ),
        ),
      ),
    );
  }

  function take(chip) {
    chip.take();
    chips = chips.filter((other) => other !== chip);
    changed(chip.name);
    draw();
  }

  function refuse(chip) {
    refused.add(chip.key);
    chips = chips.filter((other) => other !== chip);
    draw();
  }

  /** Take all chips, and the place as soon as it is found; false when there is none yet. */
  function takeAll() {
    wanted = Boolean(looking);
    const all = chips;
    for (const chip of all) take(chip);
    return all.length > 0;
  }

  /** When a place that a Tab was for is there, or known not to be. */
  const settled = () => (wanted ? looking : null);

  return { element, look, takeAll, settled };
}
