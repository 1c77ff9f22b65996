// Who is told of what happens: every endpoint with how it fares, and what an operator can do about it.

import { ask } from "../shop/ask.js";
import { button, h, heading, link, setChildren, setText } from "../shop/dom.js";
import { count, moment } from "../shop/words.js";
import { askTime } from "./ask_time.js";
import { numberField, placeOf, textField } from "./fields.js";
import { Poll } from "./poll.js";

const whyDisabled = {
  operator: "disabled by an operator",
  gone: "disabled: it answered 410, Gone",
  failing: "disabled: it failed for three days",
};
const badges = { healthy: "open", failing: "held-up", disabled: "gone" };

function age(seconds) {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

// What an endpoint does, in a line each: [term, words].
function factsOf({ lag, requests_under_way, delivered, failed, last_error, events, batch, old_secret_until }) {
  return [
    ["Delivered", `${count(delivered)} events; ${count(failed)} attempts failed`],
    ["Behind", lag.waiting ? `${count(lag.waiting)}${lag.waiting >= 4096 ? " or more" : ""} events wait, the oldest ` +
      `for ${age(lag.seconds)}; ${count(requests_under_way)} requests under way` : "nothing waits"],
    ["Hears", (events.join(", ") || "everything") + (batch > 1 ? `, up to ${count(batch)} a request` : "")],
    ...(last_error ? [["Last trouble", last_error]] : []),
    ...(old_secret_until ? [["Old secret", `signs, too, until ${moment(old_secret_until)}`]] : []),
  ];
}

class WebhookCard {
  #badge = h("span", { class: "badge" });
  #where = h("p", { class: "quiet mono" });
  #facts = h("dl", { class: "facts" });
  #buttons = h("p", { class: "buttons" });
  #page;

  constructor(endpoint, page) {
    this.#page = page;
    this.root = h("article", { class: "card", "data-endpoint": endpoint.id }, h("div", { class: "about" },
      h("p", { class: "card-line" }, this.#badge), h("h2", {}, endpoint.name || endpoint.id), this.#where, this.#facts,
      this.#buttons));
  }

  show(endpoint) {
    setText(this.#badge, endpoint.disabled ? whyDisabled[endpoint.disabled.by] :
      endpoint.state === "failing" ? `failing since ${moment(endpoint.failing_since)}` : endpoint.state);
    this.#badge.className = `badge ${badges[endpoint.state]}`;
    setText(this.#where, endpoint.url);
    const facts = factsOf(endpoint);
    const row = ([term, words]) => h("div", {}, h("dt", {}, term), h("dd", {}, words));
    setChildren(this.#facts, facts, () => facts.map(row));
    const isMade = endpoint.origin === "api";
    setChildren(this.#buttons, [endpoint.state === "disabled", isMade], () => this.#page.actionsOf(endpoint));
  }
}

export class WebhooksPage {
  title = "Webhooks";
  #cards = new Map();
  #list = h("div", { class: "list" });
  #secret = h("div", {});
  #url = textField({ name: "url", label: "Address", required: true, placeholder: "https://shop.example/hooks" });
  #name = textField({ name: "name", label: "Name", placeholder: "the shop's till" });
  #events = textField({ name: "events", label: "Events", placeholder: "order.paid, order.refund_due",
    help: "Types, with commas between them. Empty: everything." });
  #batch = numberField({ name: "batch", label: "Events a request", value: "1",
    help: "More than 1: it gets batches, which is quicker for whoever gets much." });
  #context;
  #poll;

  constructor(context) {
    this.#context = context;
    const fields = [this.#url, this.#name, this.#events, this.#batch].map((field) => field.root);
    const form = h("form", { novalidate: true, onsubmit: (event) => { event.preventDefault(); this.#make(); } },
      h("h2", {}, "New webhook"), h("div", { class: "fields columns" }, fields),
      h("p", { class: "buttons" }, h("button", { class: "main" }, "Make it")));
    const title = h("div", { class: "title-line" }, heading("Webhooks"), link("All sales", "/operator", "button"));
    this.root = h("div", {}, title, this.#secret, this.#list, h("section", { class: "panel" }, form));
    this.#poll = new Poll(3, async () => this.#show((await context.server.get("/webhooks")).webhooks));
  }

  actionsOf({ id, name, state, origin }) {
    const called = name || id;
    const path = `/webhooks/${encodeURIComponent(id)}`;
    const act = (what, body) => this.#context.server.act("POST", `${path}/${what}`, body);
    const post = (what, done, body) => this.#do(() => act(what, body), done);
    const enable = () => post("enable", `${called} is told on.`);
    const toggle = state === "disabled" ? button("Enable", enable, "small main") :
      button("Disable", () => post("disable", `${called} is told nothing until it is enabled.`), "small");
    const replay = (from) => post("replay", `${called} is told again.`, { from });
    return [button("Test", () => this.#test(path, called), "small"), toggle,
      button("Replay …", () => this.#replay(called, replay), "small"),
      ...(origin === "api" ? [button("New secret …", () => this.#rotate(path, called), "small"),
        button("Delete …", () => this.#delete(path, called), "small")] : [])];
  }

  #show(endpoints) {
    for (const endpoint of endpoints) {
      if (!this.#cards.has(endpoint.id)) this.#cards.set(endpoint.id, new WebhookCard(endpoint, this));
      this.#cards.get(endpoint.id).show(endpoint);
    }
    setChildren(this.#list, endpoints.map(({ id }) => id), () => (endpoints.length ?
      endpoints.map(({ id }) => this.#cards.get(id).root) : h("p", { class: "note" }, "Nobody is told anything yet.")));
  }

  async #do(doing, done) {
    const isDone = await this.#context.act(doing, done);
    this.#poll.now();
    return isDone;
  }

  async #make() {
    const fields = [this.#url, this.#name, this.#events, this.#batch];
    const body = { url: this.#url.read() ?? "", name: this.#name.read(), batch: this.#batch.read(),
      events: this.#events.read()?.split(",").map((type) => type.trim()).filter(Boolean) };
    this.#context.tell("");
    for (const field of fields) field.say("");
    try {
      this.#tellSecret(await this.#context.server.act("POST", "/webhooks", body));
      for (const field of [this.#url, this.#name, this.#events]) field.control.value = "";
    } catch (refusal) {
      if (refusal.name !== "Refusal") throw refusal;
      const { field, words } = placeOf(refusal.message, fields);
      if (!field) return this.#context.tell(words, "bad");
      field.say(words);
      field.control.focus();
    }
    this.#poll.now();
  }

  #tellSecret({ name, id, secret }) {
    const told = h("code", { class: "mono", id: "secret" }, secret);
    const close = button("I have kept it", () => this.#secret.replaceChildren(), "small");
    const title = h("h2", {}, `The secret of ${name || id}`);
    const words = h("p", {}, "It is shown this once. The receiver checks signatures with it.");
    this.#secret.replaceChildren(h("section", { class: "panel", role: "status" }, title, words, h("p", {}, told),
      h("p", { class: "buttons" }, close)));
    close.focus();
  }

  async #test(path, called) {
    let came;
    if (!await this.#do(async () => { came = await this.#context.server.act("POST", `${path}/test`); })) return;
    const seconds = `${came.seconds.toFixed(2)} s`;
    if (came.delivered) this.#context.tell(`${called} took the test: ${came.status} after ${seconds}.`, "good");
    else this.#context.tell(`${called} did not take the test: ${came.error}, after ${seconds}.`, "bad");
  }

  async #replay(called, replay) {
    const from = await askTime({ question: `Tell ${called} again?`, label: "What happened from this time on",
      text: "Everything of that time or later comes again, with the same ids.", yes: "Tell it again" });
    if (from) replay(from);
  }

  async #rotate(path, called) {
    const text = "For a day every request is signed by both, the old one and the new one.";
    if (!await ask(`Make a new secret for ${called}?`, text, "Make it", "Cancel")) return;
    await this.#do(async () => this.#tellSecret(await this.#context.server.act("POST", `${path}/secret`)));
  }

  async #delete(path, called) {
    const text = "It is told nothing further, and its place is lost.";
    if (!await ask(`Delete ${called}?`, text, "Delete it", "Cancel")) return;
    await this.#do(() => this.#context.server.act("DELETE", path, null), `${called} is deleted.`);
  }

  stop() {
    this.#poll.stop();
  }
}
