/* Grade words: a suggestion of the table, and a decision of a person, in words. Promises: the rule is
   cited with the number that reached it; what is unknown and could make it worse is named. Must
   not know: where the words stand (grading.js, changes.js, facts.js). */

import { sayMoney } from "./money.js";
import { FIGURES, GRADES, gradeName, listed, say } from "./words.js";

export const STAGES = { initial: gettext("estimate"), confirmed: gettext("confirmed grade") };
const figureName = (name) => (name === "loss_cny" ? gettext("Direct loss") : (FIGURES[name] ?? name));
const amount = (name, value) => (name === "loss_cny" ? sayMoney(value) : String(value));

/** Dead 3, Ⅲ from 3 on. */
const cited = (suggested) => ({ figure, least, value }) =>
  say(
    least
      ? gettext("%(figure)s %(value)s, %(grade)s from %(least)s on")
      : gettext("%(figure)s %(value)s, below every bound"),
    {
      figure: figureName(figure),
      value: amount(figure, value),
      grade: GRADES[suggested],
      least: amount(figure, least),
    },
  );

/** Can this be said? What another node wrote may be anything. */
const isSaid = (told) =>
  told !== null &&
  typeof told === "object" &&
  (told.suggested === null || [1, 2, 3, 4].includes(told.suggested)) &&
  [told.cited, told.unknown].every(Array.isArray) &&
  told.cited.every((one) => one !== null && typeof one === "object");

/** What the table suggests, in a line. */
export function suggestionWords({ suggested, cited: rules, unknown, why }) {
  if (why === "no_rule") return gettext("No rule suggests a grade for this class");
  if (why === "ungraded") return gettext("Incidents of this class are not graded");
  if (!suggested)
    return unknown.length
      ? gettext("Figures are unknown: no grade is suggested yet")
      : gettext("The figures reach no bound of a grade");
  return say(gettext("Suggested %(grade)s: %(why)s"), {
    grade: gradeName(suggested),
    why: listed(rules.map(cited(suggested))),
  });
}

/** What could make it worse; empty where nothing could. */
export const unknownWords = ({ suggested, unknown }) =>
  unknown.length && suggested
    ? say(gettext("%(names)s unknown: it may be graver"), { names: listed(unknown.map(figureName)) })
    : "";

/** Where it comes from; empty where no rule was asked. */
export const sourceOf = ({ cited: rules }) => [...new Set(rules.map((one) => one.source))].join("；");
export const isChecked = ({ cited: rules }) => rules.every((one) => one.verified);

/** Estimate or confirmed; empty where nobody decided. */
export const stageOf = (grading) =>
  Object.hasOwn(STAGES, grading?.stage ?? "") && isSaid(grading) ? STAGES[grading.stage] : "";

const then = (grading) => say(gettext("when it was decided: %(words)s"), { words: suggestionWords(grading) });

/** How a grade was decided, in a line; empty where nobody did. */
export const decisionWords = (grading) =>
  stageOf(grading)
    ? [stageOf(grading), then(grading), grading.reason].filter(Boolean).join(" · ")
    : "";
