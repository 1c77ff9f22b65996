// What an operator does to a running sale. Whatever can't be taken back is asked about first.

import { button, h, setChildren, setShown, setText } from "../shop/dom.js";
import { count, isNet } from "../shop/words.js";
import { askReason } from "./ask_reason.js";
import { wholeNumber } from "./numbers.js";
import { Outflow } from "./outflow.js";

const questions = {
  pause: { question: "Pause the sale?", yes: "Pause", done: "The sale is paused.",
    text: "Nothing new is offered or reserved. Places, offers and reservations are kept, and payments go on." },
  resume: { question: "Resume the sale?", yes: "Resume", done: "The sale goes on.",
    text: "Offers go out again. Whoever has one gets the whole time to take it." },
  close: { question: "Close the sale for good?", yes: "Close for good", done: "The sale is closed.",
    text: "Whoever still waits has missed it. Reserved units can still be paid for. Closed stays closed." },
  publish: { question: "Publish this draft?", yes: "Publish", done: "The sale is published.",
    text: "Everybody can see it from now on, and it opens at its time." },
};

const questionsOfNets = {
  pause: { ...questions.pause, question: "Let nobody in for now?", done: "Nobody new is let in.",
    text: "Whoever is inside stays. Those in line keep their places." },
  resume: { ...questions.resume, question: "Let people in again?", done: "People are let in again.",
    text: "Whoever has been called gets the whole time to come in." },
  close: { ...questions.close, question: "Close the net for good?", done: "The net is closed.",
    text: "Whoever still waits is not let in. Visits go on to their end. Closed stays closed." },
  publish: { ...questions.publish, done: "The net is published." },
};

export class BoardControls {
  #actions = h("div", { class: "buttons" });
  #units = h("input", { id: "more-units", type: "text", inputmode: "numeric", autocomplete: "off" });
  #unitsLabel = h("label", { for: "more-units" });
  #message = h("textarea", { id: "message", rows: "3", maxlength: "500" });
  #told = h("p", { class: "quiet" });
  #outflow = new Outflow((outflow) => this.#change({ outflow_per_minute: outflow }, "The outflow is set."));
  #forms;
  #sale = null;

  constructor(context, id, refresh) {
    this.context = context;
    this.path = `/sales/${encodeURIComponent(id)}`;
    this.refresh = refresh;
    const units = h("div", { class: "field" }, this.#unitsLabel,
      h("div", { class: "inline" }, this.#units, button("Add …", () => this.#addUnits())));
    const message = h("div", { class: "field" }, h("label", { for: "message" }, "Message to those who wait"),
      this.#message, this.#told, h("p", { class: "buttons" },
        button("Send", () => this.#announce(this.#message.value.trim() || null), "main"),
        button("Take it back", () => this.#announce(null))));
    this.#forms = h("div", { class: "fields" }, this.#outflow.root, units, message);
    this.actions = this.#actions;
    this.root = h("section", { class: "panel steer" }, h("h2", {}, "Steer"), this.#forms);
  }

  show(sale) {
    this.#sale = sale;
    const { state } = sale;
    const possible = state === "draft" ? ["publish", "close"] : state === "closed" ? [] :
      state === "paused" ? ["resume", "close"] : ["pause", "close"];
    setChildren(this.#actions, possible, () => possible.map((action) =>
      button(`${questions[action].yes.split(" ")[0]} …`, () => this.#ask(action), action === "publish" ? "main" : "")));
    setShown(this.#outflow.root, sale.queue !== "none" && state !== "closed");
    setShown(this.#units.closest(".field"), state !== "closed");
    setText(this.#unitsLabel, `More ${this.#unitWords(0)} (fewer with a minus)`);
    this.#outflow.show(sale);
    setText(this.#told, sale.message ? `They read now: “${sale.message}”` : "They read no message now.");
  }

  async #do(doing, done) {
    const isDone = await this.context.act(doing, done);
    this.refresh();
    return isDone;
  }

  #change(body, done) {
    return this.#do(() => this.context.server.act("PATCH", this.path, body), done);
  }

  async #ask(action) {
    const asked = (isNet(this.#sale) ? questionsOfNets : questions)[action];
    const reason = await askReason(asked);
    if (reason === null) return;
    const { done } = asked;
    if (action === "publish") await this.#change({ draft: false, reason }, done);
    else await this.#do(() => this.context.server.act("POST", `${this.path}/${action}`, { reason }), done);
  }

  #unitWords(number) {
    const [one, many] = isNet(this.#sale) ? ["place inside", "places inside"] : ["unit", "units"];
    return number === 1 ? one : many;
  }

  async #addUnits() {
    const more = wholeNumber(this.#units.value);
    if (!Number.isInteger(more) || more === 0) {
      const what = this.#unitWords(0);
      this.context.tell(`Type how many ${what} to add: 50, or -50 to withdraw some that nobody has.`, "bad");
      return this.#units.focus();
    }
    const units = this.#sale.units + more;
    const reason = await askReason({
      question: `${more > 0 ? "Add" : "Withdraw"} ${count(Math.abs(more))} ${this.#unitWords(Math.abs(more))}?`,
      text: `There are ${count(this.#sale.units)} now, and will be ${count(units)}.`,
      yes: more > 0 ? "Add them" : "Withdraw them" });
    if (reason === null) return;
    // So many more, whatever a colleague has made of the total meanwhile.
    const done = (sale) => `There are ${count(sale.units)} ${this.#unitWords(sale.units)} now.`;
    if (await this.#change({ more_units: more, reason }, done)) this.#units.value = "";
  }

  async #announce(message) {
    const done = message ? "The message is on the pages of those who wait." : "The message is taken back.";
    if (await this.#change({ message }, done)) this.#message.value = "";
  }
}
