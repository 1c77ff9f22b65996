// Recommendations as operators see them: what is recommended and why, how it fares, and what can be done about it.

import { h, heading, link, setText } from "../shop/dom.js";
import { Poll } from "./poll.js";
import { RecsAsk } from "./recs_ask.js";
import { RecsExperiments } from "./recs_experiments.js";
import { RecsModels } from "./recs_models.js";
import { RecsNumbers } from "./recs_numbers.js";
import { RecsSurfaces } from "./recs_surfaces.js";

const pollSeconds = 15;

export class RecsPage {
  title = "Recommendations";
  #ask;
  #numbers = new RecsNumbers();
  #parts;
  #note = h("p", { class: "note", role: "status", hidden: true });
  #poll;
  #server;
  #isAsked = false;

  constructor(context) {
    this.#server = context.server;
    this.#ask = new RecsAsk(context.server);
    this.#parts = [new RecsSurfaces(context), new RecsExperiments(context), new RecsModels(context)];
    this.root = h("div", { class: "stack recs" }, h("div", { class: "title-line" }, heading(this.title),
      h("p", { class: "buttons" }, link("All sales", "/operator", "button"),
        link("Rules and surfaces", "/operator/recs/rules", "button"))),
    this.#note, this.#ask.root, this.#numbers.root, this.#parts.map((part) => part.root));
    this.#poll = new Poll(pollSeconds, () => this.#look());
  }

  async #look() {
    try {
      this.#numbers.show(await this.#server.get("/recs/usage"));
      this.#say("");
    } catch (refusal) {
      if (refusal.status === 404) return this.#giveUp();
      if (refusal.status) this.#say(refusal.message);
      throw refusal;
    }
    if (!this.#isAsked) this.#ask.show();
    this.#isAsked = true;
    await Promise.all(this.#parts.map((part) => part.look()));
  }

  #say(words) {
    setText(this.#note, words);
    this.#note.hidden = words === "";
  }

  #giveUp() {
    this.stop();
    this.root.replaceChildren(heading("This server recommends nothing"), link("All sales", "/operator", "button"));
  }

  stop() {
    this.#poll.stop();
    for (const part of this.#parts) part.stop();
  }
}
