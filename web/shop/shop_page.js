// One sale as a shop shows it: what it is, when it opens, how many are left, and the way in.

import { Alternatives, Look } from "./alternatives.js";
import { cameBy } from "./channel.js";
import { button, h, heading, link, setChildren, setShown, setText } from "./dom.js";
import { Badge, picture, Stock } from "./item.js";
import { SalePage } from "./sale_page.js";
import { SaleWatch } from "./sale_watch.js";
import { count, isNet, isSoldOut, left, moment, money, timeOf } from "./words.js";

const explanations = {
  none: () => "No queue: the first who come are served.",
  pass: () => "",
  fifo: () => "There is a queue: places are given in the order of arrival, and a unit is offered to each in turn.",
  draw: (sale) => sale.state === "scheduled" || sale.state === "prequeue"
    ? "It makes no difference when you join before the opening: then the order of all who are there is drawn by lot. " +
      "Those who come later stand behind."
    : `The order of those who were there at the opening ${sale.draw?.drawn ? "was" : "is being"} drawn by lot. You ` +
      "would stand behind them.",
};

// What a visitor can do who has nothing in this sale: { line, act: [name, words] }.
function invitation(sale) {
  const queued = sale.queue !== "none";
  if (sale.state === "closed") return { line: "This sale is over." };
  if (sale.state === "paused") return { line: "The sale is paused for a moment. Places and reservations are kept." };
  if (isNet(sale)) return { line: "This is the room before a site: go there, and you are let in by turns." };
  if (isSoldOut(sale)) return { line: "Every unit is sold." };
  if (!sale.guests) return { line: "This sale is for customers with an account of the shop: sign in there." };
  if (queued && (sale.state === "open" || sale.state === "prequeue")) return { act: ["join", "Join the queue"] };
  if (sale.state !== "open") return { line: queued ? whenToJoin(sale) : "Be here when it opens." };
  if (sale.available > 0) return { act: ["reserve", "Buy one"] };
  return {
    line: "All units are reserved at this moment. Those that are not paid for come back.",
    act: ["reserve", "Try again"],
  };
}

function whenToJoin(sale) {
  if (!sale.prequeue_opens_at) return "You can join when it opens.";
  return `You can join from ${moment(sale.prequeue_opens_at)}.`;
}

// Where what the visitor has is shown: [what they have, path, words of the link].
function wayBack(mine, sale) {
  const room = `/s/${sale}/queue`;
  if (mine.state === "waiting" && mine.position) {
    return [`You are in the queue, at place ${count(mine.position)}.`, room, "To your place"];
  }
  if (mine.state === "waiting" && mine.delayed_until) {
    return [`You are in. Your place is given at ${timeOf(mine.delayed_until)}.`, room, "To your place"];
  }
  if (mine.state === "waiting") return ["You are in. Places are not drawn yet.", room, "To your place"];
  if (mine.state === "offered") return ["It is your turn!", room, "See your offer"];
  if (mine.state === "held") return ["A unit is reserved for you.", `/s/${sale}/checkout`, "Go on to pay"];
  if (mine.state === "paying") return ["Your payment is under way.", `/s/${sale}/checkout`, "See how it stands"];
  if (mine.kind === "order" && (mine.state === "sold" || mine.refund !== "none")) {
    return [mine.state === "sold" ? "You have bought one." : "You paid too late.", `/orders/${mine.id}`, "Your order"];
  }
  return null;
}

export class ShopPage extends SalePage {
  #badge = new Badge({ countsDown: false });
  #stock = new Stock();
  #item = h("div", { class: "about" });
  #countdown = h("b", { class: "digits", role: "timer" });
  #opening = h("div", { class: "opening" });
  #mine = h("div", { class: "mine" });
  #alternatives;
  #look;

  constructor(context, id) {
    super(context, id);
    this.root = h("article", { class: "offer" }, heading("One moment …"));
    this.#alternatives = new Alternatives(context.shop);
    this.#look = new Look(context.shop, id);
    this.start(new SaleWatch(context.shop, id, (sale, refusal) => this.heard(sale, refusal)));
  }

  stop() {
    super.stop();
    this.#look.stop();
  }

  get title() {
    return this.sale?.title ?? "On sale";
  }

  update() {
    if (!this.sale) return this.#showNothing();
    if (setChildren(this.root, this.sale.item, () => this.#frame(this.sale))) this.context.titled();
    this.#badge.show(this.sale, this.now);
    this.#stock.show(this.sale);
    this.#showOpening(this.sale);
    if (this.known) this.#showMine(this.sale);
    this.#alternatives.show(this.sale, this.sale.state === "closed" || (isSoldOut(this.sale) && !isNet(this.sale)));
    for (const each of this.#mine.querySelectorAll("button")) each.setAttribute("aria-disabled", String(this.busy));
  }

  #showNothing() {
    if (this.refusal?.status !== 404) return;
    setChildren(this.root, "none", () => h("div", { class: "about" }, heading("There is no such sale"),
      h("p", {}, "It may be over for long, or the address is mistyped."), link("What is on sale", "/", "button")));
  }

  #frame(sale) {
    const each = sale.per_customer === 1 ? "One for each customer." : `${sale.per_customer} for each customer.`;
    this.#item.replaceChildren(this.#badge.root, heading(sale.title),
      h("p", { class: "description" }, sale.item.description),
      h("p", {}, sale.price && h("b", { class: "price" }, money(sale.price)),
        !isNet(sale) && h("span", { class: "quiet" }, each)),
      this.#stock.root, this.#opening, this.#mine, this.#alternatives.root);
    const image = picture(sale);
    this.root.classList.toggle("pictured", image !== null);
    return [image, this.#item];
  }

  #showOpening(sale) {
    const opensIn = Date.parse(sale.opens_at) - this.now;
    setShown(this.#opening, sale.state === "scheduled" || sale.state === "prequeue");
    setChildren(this.#opening, sale.opens_at, () => [
      h("p", {}, this.#countdown, h("span", { class: "quiet" }, "until it opens")),
      h("p", { class: "quiet" }, `${moment(sale.opens_at)}. The clock here is the shop's; yours does not matter.`),
    ]);
    setText(this.#countdown, left(opensIn));
  }

  #showMine(sale) {
    const back = this.mine && wayBack(this.mine, sale.id);
    const isOver = this.mine?.kind === "order" && this.mine.state !== "held" && this.mine.state !== "paying";
    const mayHaveMore = isOver && (this.mine.state !== "sold" || sale.per_customer > 1);
    const key = back && [...back, mayHaveMore && invitation(sale).act];
    if (back) setChildren(this.#mine, key, () => this.#linkBack(back, mayHaveMore && invitation(sale).act));
    else this.#showInvitation(sale);
  }

  #linkBack([words, path, text], act) {
    return [h("p", {}, h("strong", {}, words)),
      h("p", { class: "buttons" }, act && this.#button(act), link(text, path, act ? "button" : "button main"))];
  }

  #button([name, words]) {
    return button(words, () => this.act(() => this[name]()), "main");
  }

  #showInvitation(sale) {
    const { line, act } = invitation(sale);
    const isEarly = sale.state === "scheduled" || sale.state === "prequeue";
    const explanation = act?.[0] === "join" || isEarly ? explanations[sale.queue](sale) : null;
    if (this.visit.joinsAt !== null) {
      const at = new Date(Math.round((this.visit.joinsAt - this.now + Date.now()) / 1000) * 1000);
      return setChildren(this.#mine, ["joins", at.getTime()], () => [
        h("p", {}, h("strong", {}, `You join by yourself at ${timeOf(at)}, shortly before the places are drawn.`)),
        h("p", { class: "quiet" }, "Leave this page open and in front until then: your browser will have to work for " +
          "some seconds, so that nobody can take thousands of places. Coming earlier brings nobody more."),
      ]);
    }
    setChildren(this.#mine, [line, act, explanation], () => [
      line && h("p", {}, line),
      act && this.#button(act),
      explanation && h("p", { class: "quiet" }, explanation),
    ]);
  }

  async join() {
    await this.visit.join(cameBy(this.id));
    this.context.go(`/s/${this.id}/queue`);
  }

  async reserve() {
    const got = await this.visit.reserve(cameBy(this.id));
    if (got.state === "held" || got.state === "paying") this.context.go(`/s/${this.id}/checkout`);
  }
}
