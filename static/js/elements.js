/* Elements: what a first report consists of, and what of it is still open. Promises: one
   definition for the sheet and the panel, so that both count the same; what is 不详 is open too; a
   part that this officer may not see is not counted. Must not know: forms, where it is shown. */

import { fieldName, FIGURES, listed, say } from "./words.js";

/** In the order of the form. */
export const ELEMENTS =
  "summary address type_code grade casualties occurred_at received_at source reporter measures cause".split(
    " ",
  );
export const UNCLASSIFIED = "10000"; // the root of the class tree

const unknownFigures = ({ casualties }) =>
  Object.keys(FIGURES).filter((name) => (casualties?.[name] ?? null) === null);

const OPEN = {
  address: ({ location }) => !location, // words alone are on no map
  type_code: ({ type_code: code }) => !code || code === UNCLASSIFIED,
  grade: ({ grade }) => !grade,
  casualties: (values) => unknownFigures(values).length > 0,
  reporter: ({ reporter }) => Boolean(reporter) && !Object.values(reporter).some(Boolean),
};

/** Names of the elements that are open in an incident, or in what a form would save. */
export const openElements = (values) =>
  ELEMENTS.filter((name) => (OPEN[name] ?? (() => !values[name]))(values));

/** What an open element is called, with what of it is missing. */
export function elementName(name, values) {
  if (name === "address" && values.address && !values.location)
    return say(gettext("%(field)s (no position)"), { field: fieldName(name) });
  const unknown = unknownFigures(values);
  if (name === "casualties" && unknown.length && unknown.length < Object.keys(FIGURES).length)
    return say(gettext("%(field)s (%(unknown)s unknown)"), {
      field: fieldName(name),
      unknown: listed(unknown.map((one) => FIGURES[one])),
    });
  return fieldName(name);
}
