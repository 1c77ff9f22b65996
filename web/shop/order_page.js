// What became of an order. Customers come here from the payment.

import { Deadline } from "./deadline.js";
import { h, heading, link, setChildren } from "./dom.js";
import { ItemLine } from "./item.js";
import { money } from "./words.js";

const endOfFollowing = new Set(["sold", "released"]);

const late = "The time for paying had run out by then, and the unit had gone back on sale.";

// [title, paragraphs, look, what became of the money]
function story(order) {
  const back = { due: "is on its way back to you", done: "was sent back to you" }[order.refund];
  if (order.state === "sold") {
    const twice = back ? [`Money came more than once: what did not pay for it ${back}.`] : [];
    return ["It is yours!", ["Keep the number of your order.", ...twice], "good", "paid"];
  }
  if (back && order.state === "held") {
    return ["The payment did not fit", [`What arrived is not what was asked for, so all of it ${back}. The unit is ` +
      "still reserved for you: pay for it before the time is up."], "bad", order.refund === "due" ? "on its way back"
      : "sent back"];
  }
  if (order.state !== "paying" && order.refund === "due") {
    return ["Your payment came too late", [late,
      "Your money is on its way back to you, in full. You need not do anything."], "bad", "on its way back"];
  }
  if (order.state !== "paying" && order.refund === "done") {
    return ["Your payment came too late", [late, "Your money was sent back to you, in full."], "bad", "sent back"];
  }
  if (order.state === "paying") {
    return ["Waiting for the payment", ["The payment provider has not told us the result yet. This page will."], "",
      "not confirmed yet"];
  }
  if (order.state === "held") {
    return ["The payment was declined", ["Nothing was charged, and the unit is still reserved for you. Try again, or " +
      "another way to pay, before the time is up."], "bad", "not charged"];
  }
  if (order.state === "released") return ["You gave the unit back", ["Nothing was bought."], "", "not charged"];
  return ["Not paid in time", ["The time ran out before the payment was confirmed, and the unit went back on sale.",
    "Should a payment arrive all the same, it is sent back to you in full, and this page says so."], "bad",
  "none has arrived"];
}

export class OrderPage {
  #context;
  #id;
  #order = null;
  #sale = null;
  #timer;
  #stopped = false;
  #item = new ItemLine();
  #stage = h("div", { class: "stage" });
  #deadline = null;

  constructor(context, id) {
    this.#context = context;
    this.#id = id;
    this.root = h("div", { class: "narrow" }, this.#item.root, this.#stage);
    setChildren(this.#stage, "looking", () => heading("Looking for your order …"));
    this.#ask();
  }

  get title() {
    return this.#order ? story(this.#order)[0] : "Your order";
  }

  async #ask() {
    let seconds = 2;
    try {
      this.#order = await this.#context.shop.order(this.#id);
      this.#sale ??= await this.#context.shop.sale(this.#order.sale);
      if (!this.#stopped) this.#remember(this.#order);
      seconds = this.#order.state === "paying" ? 1 : 5;
    } catch (refusal) {
      if (refusal.status === 404 || refusal.status === 401) return this.#showNothing();
    }
    this.update();
    const over = this.#order && (endOfFollowing.has(this.#order.state) ||
      (this.#order.state === "expired" && this.#order.refund === "done"));
    if (!this.#stopped && !over) this.#timer = setTimeout(() => this.#ask(), seconds * 1000);
  }

  // So that the sale's other pages lead here, unless the browser has something newer in it.
  #remember(order) {
    const visit = this.#context.shop.visit(order.sale);
    const { id, hold } = visit.current ?? {};
    if (!visit.current || id === order.id || id === order.hold || hold === order.hold) visit.adopt(order);
  }

  #showNothing() {
    setChildren(this.#stage, "none", () => [heading("There is no such order"),
      h("p", {}, "At least not for this browser. Open the page where you have bought."),
      link("What is on sale", "/", "button")]);
  }

  update() {
    if (!this.#order || !this.#sale) return;
    this.#item.show(this.#sale);
    const [title, paragraphs, look, fate] = story(this.#order);
    const isNew = setChildren(this.#stage, [this.#order.state, this.#order.refund], () => this.#told(title, paragraphs,
      fate));
    if (this.#order.state === "held") {
      this.#deadline.show(this.#order.expires_at, this.#context.shop.now(), this.#sale.hold_seconds);
    }
    if (!isNew) return;
    this.#stage.className = `stage ${look}`;
    this.#context.say(title);
    this.#context.titled();
  }

  #told(title, paragraphs, fate) {
    const { id, price, state } = this.#order;
    this.#deadline = state === "held" ? new Deadline("to pay", (text) => this.#context.say(text)) : null;
    const fact = (label, value, look = "") => h("div", {}, h("dt", {}, label), h("dd", { class: look }, value));
    return [
      heading(title),
      this.#deadline?.root,
      ...paragraphs.map((text) => h("p", {}, text)),
      h("dl", { class: "facts" }, fact("Payment", price ? `${money(price)}, ${fate}` : fate),
        fact("Order", id, "number")),
      h("p", { class: "buttons" }, this.#wayOn()),
    ];
  }

  #wayOn() {
    const checkout = `/s/${this.#order.sale}/checkout`;
    if (this.#order.state === "held") return link("Try again", checkout, "button main");
    if (this.#order.state === "paying") return link("Back to the checkout", checkout, "button");
    return link("To the sale", `/s/${this.#order.sale}`, this.#order.state === "expired" ? "button main" : "button");
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}
