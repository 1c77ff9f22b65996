// One short link, live: where it leads, who follows it, its address to copy and its QR code.

import { ask } from "../shop/ask.js";
import { button, h, heading, link, setChildren, setShown, setText } from "../shop/dom.js";
import { count } from "../shop/words.js";
import { Breakdowns } from "./breakdowns.js";
import { Facts } from "./facts.js";
import { LinkClicks } from "./link_clicks.js";
import { callOfLink, datedMoment, LinkBadge, nameOfLink, pathOfLink, shortOf } from "./link_words.js";
import { Poll } from "./poll.js";

function settingsOf(known) {
  return [
    ["Made", datedMoment(known.created_at)],
    known.valid_since && ["Valid from", datedMoment(known.valid_since)],
    known.expires_at && ["Valid until", datedMoment(known.expires_at)],
    ["Visits at most", known.max_visits === null ? "no limit" : count(known.max_visits)],
    ["Redirect", String(known.redirect_status)],
    known.sale && ["Of the sale", known.sale],
    known.has_password && ["Password", "asked for"],
    known.rules.length > 0 && ["Rules", count(known.rules.length)],
    known.variants.length > 0 && ["Variants", count(known.variants.length)],
    known.forward_query && ["Visitors\u2019 query", "goes on"],
    known.external_id && ["Elsewhere", known.external_id],
    known.tags.length > 0 && ["Tags", known.tags.join(", ")],
  ];
}

// Where this server shows it: on another domain only at its whole address.
function addressHere(known) {
  return known.domain ? known.short_url : `/${known.short_code}`;
}

function qrOf(known) {
  const picture = `${addressHere(known)}.qr`;
  const file = (words, query, ending) => h("a", { href: picture + query, download: `${known.short_code}.${ending}`,
    class: "button small" }, words);
  return [h("h2", {}, "QR code"),
    h("img", { src: picture, alt: `QR code of the short link ${known.short_code}`, width: "200", height: "200" }),
    h("p", { class: "buttons" }, file("Save SVG", "", "svg"), file("Save PNG", "?format=png&scale=16", "png"))];
}

export class LinkPage {
  title = "Short link";
  #heading = heading("…");
  #badge = new LinkBadge();
  #leads = h("p", { class: "leads-to" });
  #address = h("div", { class: "address" });
  #note = h("p", { class: "note", role: "status", hidden: true });
  #clicks = new LinkClicks(() => this.#polls[1].now());
  #breakdowns = new Breakdowns();
  #facts = new Facts();
  #picture = h("section", { class: "panel qr" });
  #known = null;
  #etag = null;
  #polls = [];
  #live;
  #context;

  constructor(context, code) {
    this.#context = context;
    this.code = code;
    const actions = h("p", { class: "buttons" }, link("Edit", `${pathOfLink(code)}/edit`, "button"),
      button("Delete …", () => this.#delete()));
    this.root = h("div", { class: "board" },
      h("div", { class: "title-line" }, h("div", {}, h("p", { class: "card-line" },
        link("All short links", "/operator/links"), this.#badge.root), this.#heading), actions),
      this.#address, this.#leads, this.#note, this.#clicks.tiles,
      h("div", { class: "panels" }, h("div", { class: "wide" }, this.#clicks.root, this.#breakdowns.root),
        h("div", { class: "side" }, this.#picture, h("section", { class: "panel" }, h("h2", {}, "Settings"),
          this.#facts.root))));
    this.#begin();
  }

  #begin() {
    const { server } = this.#context;
    const analytics = () => server.get(callOfLink("analytics", this.code, this.#clicks.query(server.now())));
    const known = () => server.getTagged(callOfLink("urls", this.code));
    this.#polls = [
      new Poll(5, async () => this.#show(await known().catch((no) => this.#giveUp(no)))),
      new Poll(10, async () => this.#showClicks(await analytics().catch((no) => this.#giveUp(no)))),
    ];
    // Each click is shown as it comes; where this can't be had, within ten seconds.
    this.#live = new EventSource(`/api/v1${callOfLink("analytics", this.code, "/live")}`);
    this.#live.addEventListener("clicks", () => this.#polls[1].now());
  }

  // Only on a link that is not there; that clicks cannot be told just now is said.
  #giveUp(refusal) {
    if (refusal.status === 404) {
      this.stop();
      this.root.replaceChildren(heading("There is no such link"), link("All short links", "/operator/links", "button"));
    } else if (refusal.status !== 0) {
      setText(this.#note, refusal.message);
      setShown(this.#note, true);
    }
    throw refusal;
  }

  #show({ answer, etag }) {
    this.#known = answer;
    this.#etag = etag;
    setText(this.#heading, nameOfLink(answer));
    document.title = `${nameOfLink(answer)} · Doorbuster operator`;
    this.#badge.show(answer, this.#context.server.now());
    setChildren(this.#address, answer.short_url, () => [h("span", { class: "mono" }, shortOf(answer)),
      button("Copy", () => this.#context.copy(answer.short_url, answer.short_url), "small"),
      h("a", { href: `${addressHere(answer)}+`, target: "_blank" }, "Preview")]);
    setChildren(this.#picture, answer.short_url, () => qrOf(answer));
    setChildren(this.#leads, answer.long_url, () => [h("span", { class: "quiet" }, "leads to "),
      h("a", { href: answer.long_url, target: "_blank", rel: "noopener noreferrer" }, answer.long_url)]);
    this.#facts.show(settingsOf(answer));
  }

  #showClicks(analytics) {
    const now = this.#context.server.now();
    setShown(this.#note, false);
    this.#clicks.show(analytics, now);
    this.#breakdowns.show(analytics);
  }

  async #delete() {
    const known = this.#known;
    if (!known) return;
    const text = "Whoever follows it finds nothing then. Its code is free for another link, and its clicks are not " +
      "shown any more.";
    if (!await ask(`Delete ${shortOf(known)}?`, text, "Delete", "Cancel")) return;
    const path = callOfLink("urls", this.code);
    try {
      await this.#context.server.change("DELETE", path, { etag: this.#etag });
      this.#context.go("/operator/links");
      this.#context.tell(`${shortOf(known)} is deleted.`, "good");
    } catch (refusal) {
      if (refusal.name !== "Refusal") throw refusal;
      this.#polls[0].now(); // it may be another by now
      const changed = "Somebody else changed the link meanwhile: it is not deleted. Look at it again.";
      this.#context.tell(refusal.status === 412 ? changed : refusal.message, "bad");
    }
  }

  stop() {
    this.#live.close();
    for (const poll of this.#polls) poll.stop();
    this.#clicks.stop();
  }
}
