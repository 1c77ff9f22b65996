// Makes a short link.

import { h, heading } from "../shop/dom.js";
import { LinkForm } from "./link_form.js";
import { keyOfLink, pathOfLink } from "./link_words.js";

export class NewLinkPage {
  title = "New short link";

  constructor(context) {
    const form = new LinkForm({ isNew: true, yes: "Make it", back: "/operator/links", save: async () => {
      const { answer } = await context.server.change("POST", "/urls", { body: form.body() });
      context.go(pathOfLink(keyOfLink(answer)));
      context.tell(`Made ${answer.short_url}.`, "good");
    } });
    this.root = h("div", { class: "form-page" }, heading(this.title), form.root);
  }

  stop() {}
}
