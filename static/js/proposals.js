/* Proposals: what a narrative already says: class, casualties, time, title. Promises: pure;
   proposes and never decides; a figure that is not in the text is not proposed, "其余不详" makes
   the rest unknown. Must not know: the form, the network. */

import { readTime } from "./clock.js";
import { readNumber } from "./numbers.js";

const NUMBER = "(\\d{1,7}|[零〇一二两三四五六七八九十百千]{1,7})";
const WORDS = [
  ["dead", "死亡|遇难|身亡|丧生|牺牲|死"],
  ["serious", "重伤|伤势严重"],
  ["light", "轻伤|轻微伤"],
  ["missing", "失联|失踪|下落不明"],
  ["trapped", "被困|受困|困"],
  ["affected", "受灾|受影响|受影響"],
  ["injured", "受伤|负伤|伤"],
];
const ENGLISH = [
  ["dead", "dead|killed|deaths?"],
  ["serious", "seriously injured|seriously hurt"],
  ["light", "slightly injured|slightly hurt"],
  ["missing", "missing"],
  ["trapped", "trapped"],
  ["affected", "affected"],
  ["injured", "injured|hurt"],
];
const NOBODY = /(?:无|没有|未造成|暂无)(?:任何)?人?员?伤亡|no (?:casualties|injuries)/i;
const REST_UNKNOWN =
  /(?:其余|其他|其它|伤亡(?:情况)?)(?:人员)?(?:情况)?(?:不详|不明|待查)|rest unknown/i;
const PEOPLE = "(?:名|人|位|个|people|persons?)";
// what may stand between a number and what happened: "3名工人不同程度受伤", never another number
const BETWEEN = "[^\\d零〇一二两三四五六七八九十百千，,。；;、\\s]{0,8}?";
const COUNTED = `(?:${PEOPLE}${BETWEEN})?`;
const FIGURES = ["dead", "serious", "injured", "missing", "trapped", "affected"];

/** Casualties that the text states: {dead, serious, injured, ...}; null is said to be unknown. */
export function casualtiesIn(narrative) {
  let text = narrative.normalize("NFKC");
  const found = {};
  const take = (name, pattern, number) => {
    text = text.replace(new RegExp(pattern, "gi"), (...groups) => {
      found[name] = (found[name] ?? 0) + readNumber(groups[number]);
      return "；";
    });
  };
  for (const [name, words] of WORDS) {
    take(name, `${NUMBER}\\s*${COUNTED}\\s*(?:${words})(?:者|人员)?`, 1);
    take(name, `(?:${words})(?:人员|人数)?\\s*(?:为|约)?\\s*${NUMBER}\\s*(?:人|名|位|个)`, 1);
  }
  for (const [name, words] of ENGLISH)
    take(name, `(\\d{1,7})\\s+(?:(?:people|persons?)\\s+)?(?:were |was )?(?:${words})\\b`, 1);
  const { light, ...figures } = found;
  if (light !== undefined && figures.injured === undefined)
    figures.injured = light + (figures.serious ?? 0);
  if (figures.serious !== undefined && figures.injured === undefined)
    figures.injured = figures.serious;
  if (NOBODY.test(narrative))
    for (const name of ["dead", "serious", "injured"]) figures[name] ??= 0;
  if (REST_UNKNOWN.test(narrative))
    for (const name of FIGURES) if (figures[name] === undefined) figures[name] = null;
  return figures;
}

/** The class whose words fit the text best, or null. Longer words weigh more, a word within another
 * one counts once; an English name counts by the share of its words that are there. */
export function typeIn(narrative, types) {
  const text = narrative.normalize("NFKC").toLowerCase();
  let best = null;
  let most = 0;
  for (const type of types) {
    const weight = Math.max(
      chineseWeight(text, type.words ?? []),
      englishWeight(text, type.name_en),
    );
    if (weight <= most) continue;
    most = weight;
    best = type;
  }
  return best;
}

function chineseWeight(text, words) {
  const hits = words.filter((word) => text.includes(word.toLowerCase()));
  const whole = hits.filter(
    (word) => !hits.some((other) => other !== word && other.includes(word)),
  );
  return whole.reduce((sum, word) => sum + word.length ** 1.5, 0);
}

function englishWeight(text, name) {
  const words = (name ?? "").toLowerCase().match(/[a-z]{4,}/g) ?? [];
  const hits = words.filter((word) => text.includes(word));
  return hits.length && (hits.join("").length * hits.length) / words.length / 2;
}

/** When it happened, if the text says so: ISO or null. */
export function timeIn(narrative) {
  const match = /(?:(\d{1,2})月(\d{1,2})日\s*|(今天|今日|昨天|昨日|前天)\s*)?(\d{1,2})\s*(?:[:：]|时|点)\s*(\d{2})(?!\d)/.exec(
    narrative.normalize("NFKC"),
  );
  if (!match) return null;
  const [, month, day, word = "", hour, minute] = match;
  return readTime(`${month ? `${month}-${day} ` : word}${hour}:${minute}`);
}

const TIME = /^(?:今日|今天|昨日|昨天|前天)?\d{1,2}[:：时点]\d{0,2}分?许?$/;
const saysMore = (part) => TIME.test(part) || Object.keys(casualtiesIn(part)).length > 0;

/** A title: the first clause, without figures of people and times. */
export function titleIn(narrative) {
  const clause = narrative.split(/[。；;\n!！?？]/, 1)[0].trim();
  const kept = clause
    .split(/[，,、]+/)
    .flatMap((part) => (/[a-z]{3}/i.test(part) ? [part.trim()] : part.split(/\s+/)))
    .filter((part) => part && !saysMore(part));
  return (kept.join(" ") || clause).slice(0, 60);
}
