// What stands at the axes: moments of the day in the viewer's zone, seconds since a start, numbers.

const dayClock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const shortDayClock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const calendar = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const months = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric" });
const wholeCalendar = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

// Steps between the marks of a time axis, in seconds: what people count in.
export const timeSteps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 2592000,
];
// Of days, of months and years as uPlot counts them.
const monthDays = 30;
export const daySteps = [1, 2, 4, 7, 14, ...[1, 2, 3, 6].map((months) => months * monthDays), 365, 730, 1825]
  .map((days) => days * 86400);
export const wholeSteps = [1, 2, 5].flatMap((digit) => Array.from({ length: 9 }, (_, power) => digit * 10 ** power))
  .sort((a, b) => a - b);

// "10:03:20", or "10:03" and "27 Nov" where the marks stand that far apart.
export function atClock(seconds, step = 1) {
  const moment = new Date(seconds * 1000);
  if (step >= 86400) return calendar.format(moment);
  return (step >= 60 ? shortDayClock : dayClock).format(moment);
}

// "27 Nov" at a mark, "Nov 2026" where they stand that far apart; "27 Nov 2026" by itself.
export function onDay(seconds, step = null) {
  const far = step >= monthDays * 86400 ? months : calendar;
  return (step === null ? wholeCalendar : far).format(new Date(seconds * 1000));
}

// "0:05", "12:00", "1:00:00", "-0:10"
export function sinceStart(seconds) {
  const all = Math.abs(Math.round(seconds));
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(all / 3600);
  const minutes = Math.floor(all / 60) % 60;
  return `${seconds < 0 ? "-" : ""}${hours ? `${hours}:${two(minutes)}` : minutes}:${two(all % 60)}`;
}

export function shortNumber(number) {
  return compact.format(number);
}
