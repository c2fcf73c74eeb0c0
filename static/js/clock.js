/* Clock: the node's time and the writing of times. Promises: the clock shows the server's
   time, not this machine's; every time is written in the node's zone, in 24 hours, with the
   date only where it is not today. Must not know: what the times belong to. */

import { el, fill, meta } from "./dom.js";
import { isEnglish, say } from "./words.js";

const ZONE = meta("time-zone") || "Asia/Shanghai";
const locale = isEnglish ? "en-GB" : "zh-CN";
const parts = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
const dateFormat = new Intl.DateTimeFormat(locale, {
  timeZone: ZONE,
  month: "short",
  day: "numeric",
});
const fullDate = new Intl.DateTimeFormat(locale, {
  timeZone: ZONE,
  month: "short",
  day: "numeric",
  weekday: "short",
});

let offset = Number(meta("server-time")) * 1000 - Date.now() || 0;

/** Milliseconds of the node's clock now. */
export const now = () => Date.now() + offset;

/** Take the time of a pulse; small differences are the network's, not the clock's. */
export function synchronise(iso) {
  const fresh = Date.parse(iso) - Date.now();
  if (Math.abs(fresh - offset) > 400) offset = fresh;
}

/** Year, month, day, hour, minute, second of a moment in the node's zone, as texts. */
export function inZone(moment) {
  const found = {};
  for (const { type, value } of parts.formatToParts(moment)) found[type] = value;
  return found;
}

const day = (moment) => {
  const { year, month, day: date } = inZone(moment);
  return `${year}-${month}-${date}`;
};
export const isToday = (iso) => day(Date.parse(iso)) === day(now());

/** 06:11, whatever the day. */
export function clockOf(iso) {
  const { hour, minute } = inZone(Date.parse(iso));
  return `${hour}:${minute}`;
}

/** 06:11, or 8月27日 06:11 where it is not today. */
export function stamp(iso, { seconds = false } = {}) {
  if (!iso) return "";
  const moment = Date.parse(iso);
  const { hour, minute, second, year } = inZone(moment);
  const time = `${hour}:${minute}${seconds ? `:${second}` : ""}`;
  if (isToday(iso)) return time;
  const date = year === inZone(now()).year ? dateFormat.format(moment) : day(moment);
  return `${date} ${time}`;
}

/** How long ago, in words that fit a list row. */
export function ago(iso) {
  const minutes = Math.floor((now() - Date.parse(iso)) / 60000);
  if (minutes < 1) return gettext("just now");
  if (minutes < 60) return say(gettext("%(n)s min ago"), { n: minutes });
  if (minutes < 1440) return say(gettext("%(n)s h ago"), { n: Math.floor(minutes / 60) });
  return say(gettext("%(n)s d ago"), { n: Math.floor(minutes / 1440) });
}

/** The moment that a wall clock reading in the node's zone stands for. */
function fromZone(year, month, date, hour, minute) {
  const guess = Date.UTC(year, month - 1, date, hour, minute);
  const seen = inZone(guess);
  const shown = Date.UTC(seen.year, seen.month - 1, seen.day, seen.hour, seen.minute);
  return guess - (shown - guess);
}

const DAYS_AGO = { 今天: 0, 今日: 0, today: 0, 昨天: 1, 昨日: 1, yesterday: 1, 前天: 2 };

/** A time as duty officers type it: 17:20, 1720, 昨天 17:20, 8-27 17:20, 2020-08-27 17:20. The ISO
 * text, or null where it cannot be read. A time without a day lies in the last 24 hours. */
export function readTime(text) {
  const [, word, rest] = /^(今天|今日|today|昨天|昨日|yesterday|前天)?([^]*)$/i.exec(
    text.normalize("NFKC").trim(),
  );
  const plain = rest
    .trim()
    .replace(/[年月./]/g, "-")
    .replace(/日/g, " ")
    .replace(/[时点]/g, ":")
    .replace(/分/g, "");
  const match = /^(?:(?:(\d{4})-)?(\d{1,2})-(\d{1,2})[ T]+)?(\d{1,2}):?(\d{2})$/.exec(plain);
  if (!match) return null;
  const [, year, month, date, hour, minute] = match.map((part) =>
    part === undefined ? undefined : Number(part),
  );
  if (hour > 23 || minute > 59) return null;
  const today = inZone(now());
  let moment = fromZone(
    year ?? Number(today.year),
    month ?? Number(today.month),
    date ?? Number(today.day),
    hour,
    minute,
  );
  if (word) {
    if (month !== undefined) return null;
    moment -= DAYS_AGO[word.toLowerCase()] * 86400000;
  } else if (month === undefined && moment > now() + 60000) moment -= 86400000;
  if (month !== undefined) {
    const seen = inZone(moment);
    if (Number(seen.month) !== month || Number(seen.day) !== date) return null;
  }
  return new Date(moment).toISOString();
}

/** The text that readTime reads back as the same minute. */
export function writeTime(iso) {
  if (!iso) return "";
  const { year, month, day: date, hour, minute } = inZone(Date.parse(iso));
  return isToday(iso) ? `${hour}:${minute}` : `${year}-${month}-${date} ${hour}:${minute}`;
}

/** Show the running clock in a node; `isLive()` says whether the node's time is being heard. */
export function runClock(node, isLive) {
  const time = el("time", { class: "clock-time" });
  const date = el("span", { class: "clock-date" });
  fill(node, date, time);
  const tick = () => {
    const { hour, minute, second } = inZone(now());
    time.textContent = `${hour}:${minute}:${second}`;
    date.textContent = fullDate.format(now());
    node.classList.toggle("stale", !isLive());
    node.title = isLive()
      ? gettext("Time of the node")
      : gettext("The node is silent: this is the time of this machine, set when it was last heard");
    setTimeout(tick, 1000 - (now() % 1000));
  };
  tick();
}
