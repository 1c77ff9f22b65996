// What people report of short links: how often and why, to be dismissed or acted upon.

import { ask } from "../shop/ask.js";
import { button, h, link, setShown } from "../shop/dom.js";
import { count } from "../shop/words.js";
import { callOfLink, dated, keyOfLink, pathOfLink, shortOf } from "./link_words.js";

const shownAtOnce = 20;

export const reasonWords = { phishing: "phishing", malware: "malware", spam: "spam", illegal: "against the law",
  other: "something else" };

// "3 reports: 2 phishing, 1 spam"
export function reportsInWords({ reports, reasons }) {
  const named = Object.entries(reasons).filter(([, times]) => times > 0)
    .map(([reason, times]) => `${count(times)} ${reasonWords[reason] ?? reason}`);
  return `${count(reports)} ${reports === 1 ? "report" : "reports"}: ${named.join(", ")}`;
}

export class LinkReports {
  root = h("section", { class: "panel reported", hidden: true });
  #context;

  constructor(context) {
    this.#context = context;
  }

  async show() {
    const { links, total } = await this.#context.server.get(`/abuse/reports?limit=${shownAtOnce}`);
    const more = total > links.length && h("p", { class: "quiet" }, `and ${count(total - links.length)} more`);
    this.root.replaceChildren(h("h2", {}, "Reported by visitors"),
      h("div", { class: "list" }, links.map((each) => this.#cardOf(each))), more || "");
    setShown(this.root, total > 0);
  }

  #cardOf(reported) {
    const words = reported.newest.map((each) => h("p", {}, h("q", {}, each.words),
      h("span", { class: "quiet" }, ` ${reasonWords[each.reason] ?? each.reason}, ${dated(each.at)}`)));
    const take = reported.is_taken_down ? h("span", { class: "badge gone" }, "taken down")
      : button("Take down …", () => this.#takeDown(reported), "small");
    return h("article", { class: "card" }, h("div", { class: "about" },
      h("h3", {}, link(shortOf(reported), pathOfLink(keyOfLink(reported)))),
      h("p", { class: "quiet" }, `${reportsInWords(reported)}, the last on ${dated(reported.last_at)}`), words,
      h("p", { class: "buttons" }, button("Dismiss", () => this.#dismiss(reported), "small"), take)));
  }

  async #takeDown(reported) {
    const text = "Nobody is sent on by it any more from then on. An operator can restore it.";
    if (!await ask(`Take ${shortOf(reported)} down?`, text, "Take down", "Cancel")) return;
    const body = { short_code: reported.short_code, link_domain: reported.domain,
      reason: reportsInWords(reported) };
    await this.#do(() => this.#context.server.change("POST", "/abuse/take-downs", { body }),
      `${shortOf(reported)} is taken down.`);
  }

  #dismiss(reported) {
    const path = callOfLink("abuse/reports", keyOfLink(reported));
    return this.#do(() => this.#context.server.change("DELETE", path),
      `Reports of ${shortOf(reported)} are dismissed.`);
  }

  async #do(change, words) {
    try {
      await change();
      this.#context.tell(words, "good");
    } catch (refusal) {
      if (refusal.name !== "Refusal") throw refusal;
      this.#context.tell(refusal.message, "bad");
    }
    await this.show();
  }
}
