/* Numbers: whole numbers as people write and documents count them. Promises:
   pure; what is not a whole number is null, never a part of it. Must not know: what is counted. */

const DIGITS = Object.fromEntries([..."零一二三四五六七八九"].map((sign, value) => [sign, value]));
Object.assign(DIGITS, { 〇: 0, 两: 2 });
const UNITS = { 十: 10, 百: 100, 千: 1000 };

/** A number that is known to be one: in digits, or in Chinese up to 9,999. */
export function readNumber(text) {
  if (/^\d+$/.test(text)) return Number(text);
  let total = 0;
  let unit = 0;
  for (const sign of text) {
    if (sign in DIGITS) unit = DIGITS[sign];
    else {
      total += (unit || 1) * UNITS[sign];
      unit = 0;
    }
  }
  return total + unit;
}

// 一百二 is 120 to some and 102 to others: a place that is skipped needs its 零
const ONE = "[一二两三四五六七八九]";
const TENS = `${ONE}十${ONE}?`;
const HUNDREDS = `${ONE}百(?:零${ONE}|${TENS})?`;
const THOUSANDS = `${ONE}千(?:零(?:${ONE}|${TENS})|${HUNDREDS})?`;
const PART = `(?:${ONE}|十${ONE}?|${TENS}|${HUNDREDS}|${THOUSANDS})`;
const REST = `(?:零(?:${ONE}|${TENS}|${HUNDREDS})|${THOUSANDS})`;
const CHINESE = new RegExp(`^(?:零|${PART}|(${PART})万(${REST})?)$`);

/** A whole number that somebody typed: 12, １２, 1,200, 十二, 两万三千; null where it is none. */
export function readWhole(text) {
  const plain = text.normalize("NFKC").trim().replaceAll("〇", "零");
  if (/^\d+$/.test(plain)) return Number(plain);
  if (/^\d{1,3}(?:,\d{3})+$/.test(plain)) return Number(plain.replaceAll(",", ""));
  const [whole, high, low] = CHINESE.exec(plain) ?? [];
  if (whole === undefined) return null;
  return high ? readNumber(high) * 10000 + readNumber(low ?? "") : readNumber(whole);
}

const SIGNS = "〇一二三四五六七八九";

/** 1 to 99 as Chinese documents count. */
export function chinese(n) {
  if (n > 99) return String(n);
  const [tens, ones] = [Math.floor(n / 10), n % 10];
  const ten = tens ? `${tens > 1 ? SIGNS[tens] : ""}十` : "";
  return ten + (ones || !tens ? SIGNS[ones] : "");
}
