/* Money: the control for an amount in yuan, and how an amount is read and said. Promises: 1200万 and
   1.2亿 are read too; what is no amount of at most two decimals is named and never cut. Must not
   know: what the money is for. */

import { el } from "./dom.js";
import { field, fresh } from "./fields.js";
import { isEnglish } from "./words.js";

const UNITS = { 万: 4, 亿: 8 };
const MOST = 1e13; // yuan; the API takes no more
const AMOUNT = /^(\d{1,14}|\d{1,3}(?:,\d{3}){1,4})(?:\.(\d{1,10}))?\s*([万亿]?)元?$/;

/** "12500.00" of what somebody typed; null where it is no amount. */
export function readMoney(text) {
  const [whole, digits, decimals = "", unit] = AMOUNT.exec(text.normalize("NFKC").trim()) ?? [];
  if (whole === undefined) return null;
  const places = UNITS[unit] ?? 0;
  const all = digits.replaceAll(",", "") + decimals.padEnd(places + 2, "0").slice(0, places + 2);
  const rest = decimals.slice(places + 2);
  const cents = all.replace(/^0+(?=\d{3})/, "");
  if (/[1-9]/.test(rest) || cents.length > 16 || Number(cents) > MOST * 100) return null;
  return `${cents.slice(0, -2)}.${cents.slice(-2)}`;
}

/** An amount as people say it: 5000万元, 1.2亿元, 12,500.50元. */
export function sayMoney(amount) {
  const value = Number(amount);
  if (isEnglish) return `CNY ${value.toLocaleString("en-US")}`;
  for (const [name, places] of Object.entries(UNITS).reverse()) {
    const part = value / 10 ** places;
    if (part >= 1 && Number(part.toFixed(2)) === part) return `${part.toLocaleString("en-US")}${name}元`;
  }
  return `${value.toLocaleString("en-US")}元`;
}

/** An amount, or nothing: not known. */
export function moneyField(name, { onChange }) {
  const id = fresh(name);
  const text = () => input.value.trim();
  const problem = () =>
    text() && readMoney(text()) === null
      ? gettext("Type an amount in yuan of at most two decimals, as 1200万 or 12,500.50.")
      : "";
  const input = el("input", {
    id,
    inputmode: "decimal",
    autocomplete: "off",
    maxlength: 40,
    placeholder: gettext("e.g. 1200万"),
    on: {
      input: () => {
        if (!problem()) base.complain("");
        onChange(name);
      },
      blur: () => base.complain(problem()),
    },
  });
  const base = field(name, input, { id });
  return {
    ...base,
    problem,
    raw: () => input.value,
    writeRaw: (typed) => {
      input.value = typed;
      base.complain(problem());
    },
    read: () => (text() ? readMoney(text()) : null),
    write: (value) => {
      input.value = value ?? "";
      base.complain("");
    },
    filled: () => Boolean(text()) && !problem(),
  };
}
