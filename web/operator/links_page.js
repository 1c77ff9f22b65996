// The short links, the newest first, and a way to one whose address is known.

import { button, h, heading, link, setShown, setText } from "../shop/dom.js";
import { textField } from "./fields.js";
import { LinkReports } from "./link_reports.js";
import { callOfLink, dated, keyOfLink, LinkBadge, nameOfLink, pathOfLink, shortOf } from "./link_words.js";
import { Poll } from "./poll.js";

const linksAPage = 30;

function cardOf(each, now) {
  const badge = new LinkBadge();
  badge.show(each, now);
  const tags = each.tags.length > 0 && h("p", { class: "tags" }, each.tags.map((tag) => h("span", {}, tag)));
  return h("article", { class: "card" }, h("div", { class: "about" },
    h("p", { class: "card-line" }, badge.root, h("span", { class: "quiet" }, `made ${dated(each.created_at)}`)),
    h("h2", {}, link(nameOfLink(each), pathOfLink(keyOfLink(each)), "whole")),
    h("p", { class: "mono" }, shortOf(each)), h("p", { class: "quiet leads-to" }, each.long_url), tags));
}

// "https://shop.example/ps5-mail", with what may stand behind it, or the code alone.
// Of an address it may be its domain's, or of the usual one by another name.
function keysIn(text) {
  const path = text.trim().replace(/^https?:\/\//, "").replace(/[?#].*$/, "").replace(/(\+|\.qr)$/, "")
    .replace(/\/$/, "");
  const code = path.slice(path.lastIndexOf("/") + 1);
  const domain = path.slice(0, Math.max(path.indexOf("/"), 0)).replace(/:\d+$/, "");
  return domain ? [keyOfLink({ domain, short_code: code }), code] : [code].filter(Boolean);
}

export class LinksPage {
  title = "Short links";
  #code = textField({ name: "code", label: "Go to a link", placeholder: "ps5-mail",
    help: "Its short address, or what stands behind the slash." });
  #list = h("div", { class: "list" });
  #note = h("p", { class: "note", role: "status", hidden: true });
  #more = button("More", () => this.#showMore(), "");
  #cursor = null;
  #reports;
  #poll;
  #context;

  constructor(context) {
    this.#context = context;
    this.#reports = new LinkReports(context);
    this.#more.hidden = true;
    const open = (event) => {
      event.preventDefault();
      this.#open();
    };
    this.#code.control.after(h("button", {}, "Open"));
    const form = h("form", { class: "panel open-link", novalidate: true, onsubmit: open }, this.#code.root);
    this.root = h("div", { class: "stack" }, h("div", { class: "title-line" }, heading(this.title),
      h("p", { class: "buttons" }, link("All sales", "/operator", "button"),
        link("New link", "/operator/new-link", "button main"))), form, this.#note, this.#reports.root, this.#list,
    h("p", { class: "buttons" }, this.#more));
    this.#poll = new Poll(30, () => this.#begin());
  }

  // Asked for until it is there, and once: a list that moves cannot be read.
  async #begin() {
    const page = await this.#page().catch((refusal) => this.#giveUp(refusal));
    this.#poll.stop();
    this.#reports.show().catch(() => {}); // the list is there without it
    this.#say(page.links.length > 0 ? "" : "There is no short link yet.");
    this.#add(page);
  }

  #giveUp(refusal) {
    if (refusal.status === 404) {
      this.stop();
      this.root.replaceChildren(heading("This server makes no short links"), link("All sales", "/operator", "button"));
    } else if (refusal.status !== 0) this.#say(refusal.message);
    throw refusal;
  }

  #say(words) {
    setText(this.#note, words);
    setShown(this.#note, words !== "");
  }

  #page() {
    const asked = new URLSearchParams({ limit: linksAPage });
    if (this.#cursor) asked.set("cursor", this.#cursor);
    return this.#context.server.get(`/urls?${asked}`);
  }

  // The first of the new ones has the focus, so that reading goes on there.
  #showMore() {
    return this.#context.act(async () => this.#add(await this.#page())?.querySelector("a").focus());
  }

  #add({ links, next }) {
    const cards = links.map((each) => cardOf(each, this.#context.server.now()));
    this.#list.append(...cards);
    this.#cursor = next;
    this.#more.hidden = next === null;
    return cards[0];
  }

  async #open() {
    const keys = keysIn(this.#code.control.value);
    const code = keys.at(-1);
    this.#code.say("");
    try {
      const found = code && await this.#find(keys);
      if (found) return this.#context.go(pathOfLink(keyOfLink(found)));
      this.#code.say("Which one?");
    } catch (refusal) {
      if (refusal.name !== "Refusal") throw refusal;
      this.#code.say(refusal.status === 404 ? `There is no link ${code}.` : refusal.message);
    }
    this.#code.control.focus();
  }

  // The first of them that there is.
  async #find([key, ...others]) {
    try {
      return await this.#context.server.get(callOfLink("urls", key));
    } catch (refusal) {
      if (refusal.status !== 404 || others.length === 0) throw refusal;
      return this.#find(others);
    }
  }

  stop() {
    this.#poll.stop();
  }
}
