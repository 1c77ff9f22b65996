// What people type for numbers: with separators of thousands as they are used to, and amounts of money with the digits
// that their currency has.

import { minorDigits } from "../shop/iso4217.js";

const groups = /(?<=\d)[ ,.'\u2019\u00a0\u202f](?=\d{3}(\D|$))/g;

// "10,000". Nothing typed is `undefined`; what is no number stays as it is.
export function wholeNumber(text) {
  const plain = text.trim().replace(groups, "");
  if (plain === "") return undefined;
  return /^-?\d+$/.test(plain) ? Number(plain) : text.trim();
}

const digitsInWords = (code, digits) => (digits === 0 ? `${code} has no decimals` :
  `${code} has ${digits} decimals`);

// Splits at the decimal separator: [whole, fraction], or a question. A point or a comma before three digits is one of
// thousands, unless it may as well be the other: then it is asked for.
function split(plain, code, digits) {
  const marks = plain.replace(/\d/g, "");
  if (marks === "") return [plain, ""];
  const last = marks.at(-1);
  const at = plain.lastIndexOf(last);
  const behind = plain.length - at - 1;
  const isAlone = marks.length === 1;
  const isRepeated = !isAlone && marks.split("").every((mark) => mark === last);
  if (isRepeated || (isAlone && behind === 3 && (last === "," || digits === 0) && digits !== 3)) {
    const whole = plain.replace(groups, "");
    return /^\d+$/.test(whole) ? [whole, ""] : `${plain} is not a number`;
  }
  if (isAlone && behind === 3 && (last === "," || digits !== 3)) {
    const [thousands, decimals] = [plain.replace(last, ""), plain.replace(last, ".")];
    return digits === 3 ? `is that ${thousands} or ${decimals}? Write one of them` :
      `is that ${thousands}? ${digitsInWords(code, digits)}`;
  }
  const whole = plain.slice(0, at).replace(groups, "");
  if (!/^\d*$/.test(whole) || behind === 0) return `${plain} is not a number`;
  if (behind > digits) return digitsInWords(code, digits);
  return [whole || "0", plain.slice(at + 1)];
}

// An amount as it is typed, in a currency of ISO 4217: { minor } or { question }, or {} where nothing is typed.
export function amountOf(text, code) {
  const plain = text.trim().replace(/(?<=\d)[ '\u2019\u00a0\u202f](?=\d{3}(\D|$))/g, "");
  if (plain === "") return {};
  if (!/^[\d.,]+$/.test(plain)) return { question: `${text.trim()} is not an amount` };
  const digits = minorDigits(code);
  if (digits === undefined) return { question: code ? `ISO 4217 has no currency ${code}` : "in which currency?" };
  const parts = split(plain, code, digits);
  if (typeof parts === "string") return { question: parts };
  const minor = Number(parts[0] + parts[1].padEnd(digits, "0"));
  return Number.isSafeInteger(minor) ? { minor } : { question: "that is too much" };
}
