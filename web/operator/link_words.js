// A short link in words: what it is called, whether it may be followed, where it stands among these pages.

import { h, setText } from "../shop/dom.js";

// Links last for years, so that a year belongs to each of their moments.
const calendarDay = { year: "numeric", month: "short", day: "numeric" };
const linkDates = new Intl.DateTimeFormat("en", calendarDay);
const linkMoments = new Intl.DateTimeFormat("en", { ...calendarDay, hour: "numeric", minute: "2-digit",
  timeZoneName: "short" });

// "Nov 27, 2026", on the operator's calendar.
export function dated(text) {
  return linkDates.format(new Date(text));
}

// "Nov 27, 2026, 10:00 AM GMT+1"
export function datedMoment(text) {
  return linkMoments.format(new Date(text));
}

// What tells a link: its code, on another domain than the default one with its host before it, "brand.example/mail".
export function keyOfLink({ short_code, domain }) {
  return domain ? `${domain}/${short_code}` : short_code;
}

// "/urls/mail?domain=brand.example"; `more` stands between the two, or behind the query where that begins with "?".
export function callOfLink(service, key, more = "") {
  const slash = key.lastIndexOf("/");
  const domain = slash < 0 ? "" : `domain=${encodeURIComponent(key.slice(0, slash))}`;
  const [path, query = ""] = more.split("?");
  const asked = [query, domain].filter(Boolean).join("&");
  return `/${service}/${encodeURIComponent(key.slice(slash + 1))}${path}${asked && `?${asked}`}`;
}

export function pathOfLink(key) {
  return `/operator/links/${encodeURIComponent(key)}`;
}

export function nameOfLink(link) {
  return link.title || link.short_code;
}

// Without what every address begins with.
export function shortOf(link) {
  return link.short_url.replace(/^https?:\/\//, "");
}

// [words, look]. How often a link was visited is not known here.
function stateOf(link, now) {
  if (link.expires_at && Date.parse(link.expires_at) <= now) return [`over since ${dated(link.expires_at)}`, "gone"];
  if (link.valid_since && Date.parse(link.valid_since) > now) return [`starts ${dated(link.valid_since)}`, "held-up"];
  return [link.expires_at ? `active until ${dated(link.expires_at)}` : "active", "open"];
}

export class LinkBadge {
  root = h("span", { class: "badge" });

  show(link, now) {
    const [words, look] = stateOf(link, now);
    setText(this.root, words);
    this.root.className = `badge ${look}`;
  }
}
