// Who is told of what happens: every endpoint with how it fares, and what an operator can do about it.

import { ask } from "../shop/ask.js";
import { button, h, heading, link, setChildren, setText } from "../shop/dom.js";
import { count, moment } from "../shop/words.js";
import { askTime } from "./ask_time.js";
import { numberField, sayBeside, textField } from "./fields.js";
import { Poll } from "./poll.js";

const whyDisabled = {
  operator: "disabled by an operator",
  gone: "disabled: it answered 410 Gone",
  failing: "disabled: it failed for three days",
};
const badges = { healthy: "open", failing: "held-up", disabled: "gone" };

function age(seconds) {
  if (seconds < 120) return `${Math.round(seconds)}\u00a0s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)}\u00a0min` : `${Math.round(seconds / 3600)}\u00a0h`;
}

const plural = (number, one) => `${count(number)} ${one}${number === 1 ? "" : "s"}`;

function waiting({ lag, requests_under_way }) {
  if (!lag.waiting) return "nothing";
  const events = lag.waiting >= 4096 ? `${count(lag.waiting)} events or more` : plural(lag.waiting, "event");
  const underWay = requests_under_way ? `; ${plural(requests_under_way, "request")} under way` : "";
  return `${events}, the oldest for ${age(lag.seconds)}${underWay}`;
}

// What an endpoint does, in a line each: [term, words].
function factsOf(endpoint) {
  const { delivered, failed, last_error, events, batch, old_secret_until } = endpoint;
  return [
    ["Events", (events.join(", ") || "all") + (batch > 1 ? `; up to ${count(batch)} a request` : "")],
    ["Delivered", plural(delivered, "event") + (failed ? `; ${plural(failed, "attempt")} failed` : "")],
    ["Waiting", waiting(endpoint)],
    ...(last_error ? [["Last error", last_error]] : []),
    ...(old_secret_until ? [["Old secret", `signs as well until ${moment(old_secret_until)}`]] : []),
  ];
}

class WebhookCard {
  #badge = h("span", { class: "badge" });
  #where = h("p", { class: "quiet mono" });
  #facts = h("dl", { class: "facts" });
  #toggle;
  #state;

  constructor(endpoint, page) {
    const called = endpoint.name || endpoint.id;
    const path = `/webhooks/${encodeURIComponent(endpoint.id)}`;
    // One button for both, so that the focus stays where it is.
    this.#toggle = button("Disable", () => page.setEnabled(path, called, this.#state === "disabled"), "small");
    const made = endpoint.origin !== "api" ? [] : [button("New secret …", () => page.rotate(path, called), "small"),
      button("Delete …", () => page.delete(path, called), "small")];
    const buttons = [button("Test", () => page.test(path, called), "small"), this.#toggle,
      button("Replay …", () => page.replay(path, called), "small"), ...made];
    const title = `webhook-${endpoint.id}`;
    this.root = h("article", { class: "card", "data-endpoint": endpoint.id, "aria-labelledby": title },
      h("div", { class: "about" }, h("p", { class: "card-line" }, this.#badge), h("h2", { id: title }, called),
        this.#where, h("p", { class: "buttons" }, buttons), this.#facts)); // what changes moves no button
  }

  show(endpoint) {
    this.#state = endpoint.state;
    setText(this.#badge, endpoint.disabled ? whyDisabled[endpoint.disabled.by] :
      endpoint.state === "failing" ? `failing since ${moment(endpoint.failing_since)}` : endpoint.state);
    this.#badge.className = `badge ${badges[endpoint.state]}`;
    setText(this.#where, endpoint.url);
    setText(this.#toggle, endpoint.state === "disabled" ? "Enable" : "Disable");
    this.#toggle.classList.toggle("main", endpoint.state === "disabled");
    const facts = factsOf(endpoint);
    const row = ([term, words]) => h("div", {}, h("dt", {}, term), h("dd", {}, words));
    setChildren(this.#facts, facts, () => facts.map(row));
  }
}

export class WebhooksPage {
  title = "Webhooks";
  #cards = new Map();
  #list = h("div", { class: "list" });
  #secret = h("div", {});
  #heading = heading("Webhooks");
  #url = textField({ name: "url", label: "URL", required: true, placeholder: "https://shop.example/hooks",
    help: "Where events are sent. The server must be able to reach it." });
  #name = textField({ name: "name", label: "Name", placeholder: "the shop's till",
    help: "What this page calls it." });
  #events = textField({ name: "events", label: "Events", placeholder: "order.paid, order.refund_due",
    help: "Types, separated by commas. Empty: all events." });
  #batch = numberField({ name: "batch", label: "Events a request", value: "1",
    help: "1: one event per request. More: arrays of up to that many, which is faster." });
  #context;
  #poll;

  constructor(context) {
    this.#context = context;
    const fields = [this.#url, this.#name, this.#events, this.#batch].map((field) => field.root);
    const form = h("form", { novalidate: true, onsubmit: (event) => { event.preventDefault(); this.#make(); } },
      h("h2", {}, "New webhook"), h("div", { class: "fields columns" }, fields),
      h("p", { class: "buttons" }, h("button", { class: "main" }, "Create webhook")));
    const title = h("div", { class: "title-line" }, this.#heading, link("All sales", "/operator", "button"));
    this.root = h("div", { class: "stack" }, title, this.#secret, this.#list, h("section", { class: "panel" }, form));
    this.#poll = new Poll(3, async () => this.#show((await context.server.get("/webhooks")).webhooks));
  }

  #show(endpoints) {
    const ids = endpoints.map(({ id }) => id);
    for (const id of this.#cards.keys()) if (!ids.includes(id)) this.#cards.delete(id);
    for (const endpoint of endpoints) {
      if (!this.#cards.has(endpoint.id)) this.#cards.set(endpoint.id, new WebhookCard(endpoint, this));
      this.#cards.get(endpoint.id).show(endpoint);
    }
    setChildren(this.#list, ids, () => (ids.length ? ids.map((id) => this.#cards.get(id).root) :
      h("p", { class: "note" }, "There are no webhooks yet.")));
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
      this.#showSecret(await this.#context.server.act("POST", "/webhooks", body));
      for (const field of [this.#url, this.#name, this.#events]) field.control.value = "";
    } catch (refusal) {
      if (refusal.name !== "Refusal") throw refusal;
      if (!sayBeside(refusal.message, fields)) return this.#context.tell(refusal.message, "bad");
    }
    this.#poll.now();
  }

  #showSecret({ name, id, secret }) {
    const told = h("code", { class: "mono", id: "secret" }, secret);
    const close = button("I have saved it", () => this.#hideSecret(), "small");
    const title = h("h2", { tabindex: "-1" }, `Secret of ${name || id}`);
    const words = h("p", {}, "It is shown only once. The receiver checks signatures with it.");
    this.#secret.replaceChildren(h("section", { class: "panel" }, title, words, h("p", {}, told),
      h("p", { class: "buttons" }, button("Copy", () => this.#context.copy(secret), "small main"), close)));
    title.focus();
  }

  #hideSecret() {
    this.#secret.replaceChildren();
    this.#heading.focus();
  }

  setEnabled(path, called, enabled) {
    const done = enabled ? `${called} gets events again.` : `${called} gets no events until it is enabled.`;
    return this.#do(() => this.#context.server.act("POST", `${path}/${enabled ? "enable" : "disable"}`), done);
  }

  async test(path, called) {
    let came;
    if (!await this.#do(async () => { came = await this.#context.server.act("POST", `${path}/test`); })) return;
    const seconds = `${came.seconds.toFixed(2)} s`;
    if (came.delivered) this.#context.tell(`${called} answered ${came.status} after ${seconds}: it works.`, "good");
    else this.#context.tell(`${called} failed the test: ${came.error}, after ${seconds}.`, "bad");
  }

  async replay(path, called) {
    const from = await askTime({ question: `Send events to ${called} again?`, label: "All events since",
      text: "What happened since then is sent again, with the same ids.", yes: "Send again" });
    if (!from) return;
    const act = () => this.#context.server.act("POST", `${path}/replay`, { from });
    await this.#do(act, `${called} gets the events since ${moment(from)} again.`);
  }

  async rotate(path, called) {
    const text = "For a day every request is signed with both secrets, the old one and the new one.";
    if (!await ask(`Create a new secret for ${called}?`, text, "Create secret", "Cancel")) return;
    await this.#do(async () => this.#showSecret(await this.#context.server.act("POST", `${path}/secret`)));
  }

  async delete(path, called) {
    const text = "It gets no more events, and its position in the log is lost.";
    if (!await ask(`Delete ${called}?`, text, "Delete", "Cancel")) return;
    if (await this.#do(() => this.#context.server.act("DELETE", path, null), `${called} is deleted.`))
      this.#heading.focus();
  }

  stop() {
    this.#poll.stop();
  }
}
