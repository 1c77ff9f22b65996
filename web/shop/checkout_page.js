// A reserved unit: until when, the way to the payment, and what happens meanwhile.

import { ask } from "./ask.js";
import { Deadline } from "./deadline.js";
import { button, h, heading, link, setChildren, setText } from "./dom.js";
import { ItemLine } from "./item.js";
import { SalePage } from "./sale_page.js";
import { SaleWatch } from "./sale_watch.js";
import { left, money } from "./words.js";

const gone = {
  expired: "The time ran out before the unit was paid for, and it went back on sale.",
  released: "The unit was given back.",
};

export class CheckoutPage extends SalePage {
  #item = new ItemLine();
  #stage = h("div", { class: "stage" });
  #deadline = null;
  #note = h("p", { class: "message" });

  constructor(context, id) {
    super(context, id);
    this.root = h("div", { class: "narrow" }, this.#item.root, this.#stage);
    setChildren(this.#stage, "looking", () => heading("Looking for your reservation …"));
    this.start(new SaleWatch(context.shop, id, (sale, refusal) => this.heard(sale, refusal)));
  }

  get title() {
    return { held: "Reserved for you", paying: "Payment under way" }[this.mine?.state] ?? "Checkout";
  }

  update() {
    if (!this.sale || !this.known) return;
    this.#item.show(this.sale);
    const mine = this.mine;
    if (mine?.kind === "order" && mine.state !== "held" && mine.state !== "paying") {
      return this.context.go(`/orders/${mine.id}`, { replace: true });
    }
    if (mine?.state === "held") this.#showHeld(mine);
    else if (mine?.state === "paying") this.#showPaying(mine);
    else this.#showGone(mine);
    for (const each of this.#stage.querySelectorAll("button")) each.setAttribute("aria-disabled", String(this.busy));
    this.context.titled();
  }

  #showHeld(mine) {
    setChildren(this.#stage, "held", () => {
      this.#deadline = new Deadline("to pay", (text) => this.context.say(text));
      return [
        heading("Reserved for you"),
        this.#deadline.root,
        this.#note,
        h("p", { class: "buttons" },
          button(`Pay ${money(this.sale.price)}`.trim(), () => this.act(() => this.#pay()), "main"),
          button("Give it back", () => this.#giveBack())),
        h("p", { class: "quiet" }, "You pay on the payment provider's page and come back here. When the time is up, ",
          "the unit goes back on sale, unless a payment is under way by then. You may close this tab until then."),
      ];
    });
    this.#deadline.show(mine.expires_at, this.now, this.sale.hold_seconds);
    setText(this.#note, mine.attempts > 0 ? "The payment was declined; nothing was charged. You can try again." : "");
  }

  #showPaying(mine) {
    setChildren(this.#stage, ["paying", mine.redirect_url], () => [
      heading("Payment under way"),
      h("p", {}, mine.redirect_url
        ? "We wait for the payment provider's word. If you have not finished there yet, go on:"
        : "We wait for the payment provider's word."),
      mine.redirect_url
        ? h("p", { class: "buttons" }, link("Go on to the payment", mine.redirect_url, "button main"))
        : null,
      this.#note,
      h("p", { class: "quiet" }, "If the word comes later than that, the unit may be somebody else's by then. What ",
        "you paid is then sent back to you in full: you cannot lose your money."),
    ]);
    setText(this.#note, `Your unit is kept for another ${left(Date.parse(mine.expires_at) - this.now)} at least.`);
  }

  #showGone(mine) {
    const text = gone[mine?.state] ?? "This browser knows of no reservation of yours in this sale.";
    setChildren(this.#stage, ["gone", text], () => [
      heading(gone[mine?.state] ? "It is not reserved any more" : "Nothing is reserved"),
      h("p", {}, text),
      h("p", { class: "buttons" }, link("To the sale", `/s/${this.id}`, "button main")),
    ]);
  }

  async #pay() {
    const order = await this.visit.pay();
    if (order.redirect_url) location.assign(order.redirect_url);
    else this.context.tell("The payment provider does not answer yet. Your unit is kept; we try again.", "bad");
  }

  async #giveBack() {
    if (!await ask("Give it back?", "The unit goes on sale again at once.", "Give it back", "Keep it")) return;
    await this.act(() => this.giveUp());
  }
}
