// Changes a short link. What somebody else changed meanwhile is shown beside what is typed here, and neither is lost.

import { button, h, heading, link, setText } from "../shop/dom.js";
import { LinkForm } from "./link_form.js";
import { callOfLink, nameOfLink, pathOfLink, shortOf } from "./link_words.js";
import { Poll } from "./poll.js";

export class EditLinkPage {
  title = "Edit a short link";
  #heading = heading("Edit");
  #where = h("p", { class: "quiet mono" });
  #conflict = h("div", {});
  #path;
  #form;
  #etag = null;
  #poll;
  #context;

  constructor(context, code) {
    this.#context = context;
    this.code = code;
    this.#path = callOfLink("urls", code);
    this.#form = new LinkForm({ yes: "Save", back: pathOfLink(code), save: () => this.#save() });
    this.#form.root.hidden = true; // until there is something to change
    this.root = h("div", { class: "form-page" }, this.#heading, this.#where, this.#conflict, this.#form.root);
    this.#poll = new Poll(30, () => this.#begin());
  }

  // Asked for until it is there, and once.
  async #begin() {
    const { answer, etag } = await this.#read().catch((refusal) => this.#giveUp(refusal));
    this.#poll.stop();
    this.#context.tell("");
    this.#etag = etag;
    this.#form.fill(answer);
    setText(this.#heading, `Edit ${nameOfLink(answer)}`);
    setText(this.#where, shortOf(answer));
    this.#form.root.hidden = false;
  }

  #read() {
    return this.#context.server.getTagged(this.#path);
  }

  #giveUp(refusal) {
    if (refusal.status === 404) {
      this.stop();
      this.root.replaceChildren(heading("There is no such link"), link("All short links", "/operator/links", "button"));
    } else if (refusal.status !== 0) this.#context.tell(refusal.message, "bad");
    throw refusal;
  }

  async #save() {
    const body = this.#form.changes();
    try {
      if (Object.keys(body).length > 0)
        await this.#context.server.change("PATCH", this.#path, { body, etag: this.#etag });
    } catch (refusal) {
      if (refusal.status !== 412) throw refusal;
      return this.#showTheirs(await this.#read());
    }
    this.#leave();
  }

  #leave() {
    this.#context.go(pathOfLink(this.code));
    this.#context.tell("Saved.", "good");
  }

  #showTheirs({ answer, etag }) {
    this.#etag = etag;
    const changed = this.#form.merge(answer);
    if (Object.keys(this.#form.changes()).length === 0) return this.#leave(); // they wrote the same
    const title = h("h2", { tabindex: "-1" }, "Somebody else changed this link meanwhile");
    this.#conflict.replaceChildren(h("section", { class: "note conflict" }, title,
      h("p", {}, "Nothing of yours is saved yet. Below is what you typed, and theirs where you typed nothing. Save " +
        "again to keep it so."), h("ul", {}, changed.map((each) => this.#rowOf(each)))));
    title.focus();
  }

  #rowOf({ label, before, theirs, take }) {
    const words = h("p", {}, h("strong", {}, label), ": ", h("q", {}, theirs || "nothing"), h("span",
      { class: "quiet" }, before ? ` instead of “${before}”` : ""));
    if (!take) return h("li", {}, words);
    const use = button("Take theirs", () => {
      take();
      use.setAttribute("aria-disabled", "true"); // it keeps the focus
      setText(use, "Taken");
      use.setAttribute("aria-label", `Taken: ${label}`);
    }, "small");
    use.setAttribute("aria-label", `Take theirs: ${label}`);
    return h("li", {}, words, use);
  }

  stop() {
    this.#poll.stop();
  }
}
