// The waiting room: where the visitor stands, what that is worth, and the offer when it comes.

import { Alternatives } from "./alternatives.js";
import { soundIsOn, turnSound } from "./attention.js";
import { ask } from "./ask.js";
import { cameBy } from "./channel.js";
import { Deadline } from "./deadline.js";
import { Departure } from "./departure.js";
import { button, h, heading, link, setChildren, setText } from "./dom.js";
import { ItemLine, Stock } from "./item.js";
import { SalePage } from "./sale_page.js";
import { SaleWatch } from "./sale_watch.js";
import { count, isNet, isSoldOut, left, moment, oddsInWords, people, roundOf, timeOf, waitInWords } from "./words.js";

// What ended, or never began: { title, text, again }. `again` offers a new place.
const endings = {
  lapsed: { title: "Your turn has passed", text: "The offer was not taken in time, and went to the next in line.",
    again: true },
  left: { title: "You have left the queue", text: "Your place is free for the others.", again: true },
  removed: { title: "Your place was taken away", text: "The shop took it out of the queue." },
  missed: { title: "The sale is over", text: "It ended before your turn came. We are sorry." },
  undrawn: { title: "The sale was called off", text: "It was closed before places could be drawn. We are sorry." },
  soldOut: { title: "Sold out", text: "The last unit was sold before your turn came. We are sorry. Your place is " +
    "kept, should there be more units after all." },
  none: { title: "You are not in the queue", text: "This browser knows of no place of yours in it.", again: true },
  stranger: { title: "You are not in the queue",
    text: "It is for customers with an account of the shop: sign in there, and come from there." },
};

export class QueuePage extends SalePage {
  #item = new ItemLine();
  #stock = new Stock();
  #stage = h("div", { class: "stage" });
  #facts = {};
  #message = h("p", { class: "message" });
  #deadline = null;
  #departure;
  #alternatives;

  constructor(context, id) {
    super(context, id);
    this.#departure = Departure.from(this);
    this.#alternatives = new Alternatives(context.shop);
    this.root = h("div", { class: "narrow" }, this.#item.root, this.#stage, this.#alternatives.root);
    setChildren(this.#stage, "looking", () => heading("Looking for your place …"));
    const atLeast = () => this.mine?.state === "waiting" ? this.mine.next_poll_seconds : 0;
    this.start(new SaleWatch(context.shop, id, (sale, refusal) => this.heard(sale, refusal), atLeast));
  }

  get title() {
    const { kind, state, people_ahead: ahead } = this.mine ?? {};
    if (state === "offered") return "It is your turn!";
    if (kind !== "entry" || state !== "waiting") return "The queue";
    return Number.isInteger(ahead) ? `${count(ahead)} before you` : "You are in the queue";
  }

  update() {
    if (!this.sale || !this.known) return;
    this.#item.show(this.sale);
    this.#departure?.joinOnce();
    const mine = this.mine;
    if (this.#departure?.show(this.#stage)) return this.context.titled();
    if (mine && mine.kind !== "entry" && ["held", "paying", "sold"].includes(mine.state)) {
      const further = mine.state === "sold" ? `/orders/${mine.id}` : `/s/${this.id}/checkout`;
      return this.context.go(further, { replace: true });
    }
    if (mine?.state === "waiting" && isSoldOut(this.sale)) this.#showEnding("soldOut");
    else if (mine?.state === "waiting") this.#showWaiting(mine);
    else if (mine?.state === "offered") this.#showOffer(mine);
    else if (mine?.state === "missed" && this.sale.draw?.drawn === false) this.#showEnding("undrawn");
    else this.#showEnding(mine?.kind === "entry" ? mine.state : this.#mayJoin() ? "none" : "stranger");
    // Not while somebody has to decide.
    this.#alternatives.show(this.sale, mine?.state !== "offered" && !isNet(this.sale));
    for (const each of this.#stage.querySelectorAll("button")) each.setAttribute("aria-disabled", String(this.busy));
    this.context.titled();
  }

  #showWaiting(entry) {
    const drawn = Number.isInteger(entry.position);
    const beacon = this.sale.draw?.beacon ?? null;
    const waits = !drawn && beacon && this.#opensIn() <= 0;
    const delayed = !drawn && Boolean(entry.delayed_until);
    this.visit.keep(this.sale.draw);
    setChildren(this.#stage, ["waiting", drawn, waits, delayed, Boolean(this.visit.receipt)], () =>
      drawn ? this.#placeStage() : delayed ? this.#delayedStage()
        : waits ? this.#beaconStage(beacon) : this.#prequeueStage(beacon));
    if (drawn) this.#showPlace(entry);
    else if (delayed) this.#showDelayed(entry);
    else if (waits) this.#showBeacon(entry, beacon);
    else this.#showPrequeue();
    this.#stock.show(this.sale);
    setText(this.#message, this.#words(drawn));
  }

  #opensIn() {
    return Date.parse(this.sale.opens_at) - this.now;
  }

  #placeStage() {
    this.#facts = { place: h("b", { class: "place" }), ahead: h("dd"), odds: h("dd"), wait: h("dd") };
    const { place, ahead, odds, wait } = this.#facts;
    return [
      heading("You are in the queue"),
      h("p", { class: "standing" }, h("span", {}, "Your place"), place),
      h("dl", { class: "facts" },
        h("div", {}, h("dt", {}, "Before you"), ahead),
        !isNet(this.sale) && h("div", {}, h("dt", {}, "Your chance of one"), odds),
        h("div", {}, h("dt", {}, "Probable wait"), wait)),
      !isNet(this.sale) && this.#stock.root,
      ...this.#below(),
    ];
  }

  #prequeueStage(beacon) {
    const lot = beacon ? "Everybody who is here when the doors open gets a place by lot, a little later: as soon as " +
      `${roundOf(beacon)}, which nobody can know before, is public (${timeOf(beacon.published_at)}).`
      : "At the opening, everybody who is here gets a place by lot.";
    return this.#lotStage("You are in", beacon ? "The doors open in" : "Places are drawn in",
      h("p", {}, lot, " When you came makes no difference, and neither does reloading."),
      h("p", { class: "quiet" }, `It opens ${moment(this.sale.opens_at)}.`));
  }

  // Open, and nobody has a place yet.
  #beaconStage(beacon) {
    const late = this.visit.receipt === null && h("p", {}, "You came after the doors had opened: your place will be " +
      "behind all who are drawn, in the order of arrival.");
    return this.#lotStage("The doors are open", "Places are drawn in", h("p", {}, "Places are drawn as soon as ",
      `${roundOf(beacon)} is public, about ${timeOf(beacon.published_at)}. Who takes part is fixed, and nobody can `,
      "know that number before, not even the shop."), late);
  }

  // In the queue, behind the others of the minute: no place yet.
  #delayedStage() {
    this.#facts = { until: h("strong", {}), opens: h("b", { class: "digits", role: "timer" }), odds: h("dd") };
    return [
      heading("You are in the queue"),
      h("p", { class: "standing" }, h("span", {}, "Your place is given in"), this.#facts.opens),
      h("p", {}, this.#facts.until, " It will be behind those who have one by then. Reloading or joining again makes " +
        "it no earlier."),
      h("dl", { class: "facts" }, !isNet(this.sale) &&
        h("div", {}, h("dt", {}, "Your chance of one"), this.#facts.odds)),
      ...this.#below(),
    ];
  }

  #showDelayed(entry) {
    const until = Date.parse(entry.delayed_until) - this.now;
    setText(this.#facts.until, `You will get your place at ${timeOf(entry.delayed_until)}.`);
    setText(this.#facts.opens, until > 0 ? left(until) : "a moment");
    setText(this.#facts.odds, oddsInWords(entry.odds));
  }

  #lotStage(title, timer, ...words) {
    this.#facts = { opens: h("b", { class: "digits", role: "timer" }), here: h("dd"), odds: h("dd") };
    const { here, odds } = this.#facts;
    return [
      heading(title),
      h("p", { class: "standing" }, h("span", {}, timer), this.#facts.opens),
      words[0],
      h("dl", { class: "facts" },
        h("div", {}, h("dt", {}, "Here by now"), here),
        h("div", {}, h("dt", {}, "Units for all of you"), h("dd", {}, count(this.sale.units))),
        h("div", {}, h("dt", {}, "Your chance of one"), odds)),
      words[1],
      ...this.#below(),
    ];
  }

  #below() {
    return [
      this.#message,
      this.sale.queue === "draw" && this.#drawLine(),
      h("p", { class: "note" }, h("strong", {}, "You may close this tab. "), "Your place is kept; come back to this ",
        "address in this browser, and you find it. When it is your turn, you have ",
        `${this.sale.claim_seconds} seconds to ${isNet(this.sale) ? "come in" : "take the offer"}.`),
      h("p", { class: "buttons" }, this.#soundButton(), button("Leave the queue", () => this.#leave())),
    ];
  }

  #drawLine() {
    const drawn = this.sale.draw?.drawn;
    return h("p", { class: "quiet" }, link(drawn ? "Check how your place was drawn" : "How places are drawn",
      `/s/${this.id}/draw`), drawn ? ": your browser can do it by itself." : ", and how you can check it.");
  }

  #soundButton() {
    const words = () => soundIsOn() ? "Sound is on" : "Sound is off";
    const switching = button(words(), () => {
      turnSound(!soundIsOn());
      setText(switching, words());
    });
    return switching;
  }

  // Before the draw all who are there have the same chance.
  #showPrequeue() {
    const { waiting, available, draw } = this.sale;
    setText(this.#facts.opens, this.#opensIn() > 0 ? left(this.#opensIn()) : "a moment");
    setText(this.#facts.here, people(Math.max(1, waiting)));
    const drawn = Math.min(waiting, draw?.entries ?? waiting); // who is delayed waits, too
    setText(this.#facts.odds, oddsInWords(Math.min(1, available / Math.max(1, drawn))));
  }

  #showBeacon(entry, beacon) {
    const until = Date.parse(beacon.published_at) - this.now;
    setText(this.#facts.opens, until > 0 ? left(until) : "a moment");
    setText(this.#facts.here, people(Math.max(1, this.sale.waiting)));
    setText(this.#facts.odds, oddsInWords(entry.odds));
  }

  #showPlace(entry) {
    setText(this.#facts.place, count(entry.position));
    setText(this.#facts.ahead, entry.people_ahead === 0 ? "nobody: you are next" : count(entry.people_ahead));
    setText(this.#facts.odds, oddsInWords(entry.odds));
    setText(this.#facts.wait, waitInWords(entry.estimated_wait));
  }

  // The shop's own words first, then what the numbers say.
  #words(drawn) {
    const { message, state, review, now_serving: serving } = this.sale;
    if (message) return message;
    if (state === "prequeue") return drawn ? `The sale opens in ${left(this.#opensIn())}.` : "";
    if (state === "paused" && review && serving === 0) {
      return "The shop looks at the queue before the first turn. Your place is kept.";
    }
    if (state === "paused") return "The sale is paused for a moment. Your place is kept.";
    if (this.mine.odds !== 0 || isNet(this.sale)) return "";
    if (this.sale.available === 0) {
      return "Every unit is taken right now. What is not paid in time comes back to the queue.";
    }
    return "The units will probably be gone before your turn comes, unless many of those before you give up theirs.";
  }

  #showOffer(entry) {
    const isNew = setChildren(this.#stage, "offered", () => {
      this.#deadline = new Deadline("to take it", (text) => this.context.say(text));
      return [
        heading("It is your turn!"),
        h("p", {}, "A unit is set aside for you. Take it, and it is reserved while you pay."),
        this.#deadline.root,
        h("p", { class: "buttons" }, button("Take it", () => this.act(() => this.#claim()), "main"),
          button("No, thank you", () => this.#leave())),
      ];
    });
    if (isNew) this.#stage.classList.add("called");
    this.#deadline.show(entry.claim_until, this.now, this.sale.claim_seconds);
  }

  async #claim() {
    await this.visit.claim();
    this.update();
  }

  async #leave() {
    const offered = this.mine?.state === "offered";
    const question = offered ? "Let the unit go?" : "Leave the queue?";
    if (!await ask(question, this.#lossInWords(), offered ? "Let it go" : "Leave", "Stay")) return;
    await this.act(() => this.giveUp());
  }

  #lossInWords() {
    if (this.mine?.state === "offered") return "It goes to the next in line.";
    if (Number.isInteger(this.mine?.position)) return "Your place is lost; a new one is at the end of the line.";
    return "Until the opening you can join again, and your chance is the same.";
  }

  #mayJoin() {
    return this.sale.guests || this.context.shop.token;
  }

  #join() {
    return this.act(() => this.visit.join(cameBy(this.id)));
  }

  #showEnding(state) {
    const { title, text, again } = endings[state] ?? endings.none;
    const open = this.sale.state === "open" || this.sale.state === "prequeue";
    const joins = again && open && this.sale.queue !== "none" && this.#mayJoin() && this.sale.sold < this.sale.units;
    this.#stage.classList.remove("called");
    setChildren(this.#stage, ["ending", state, joins], () => [
      heading(title),
      h("p", {}, text),
      this.sale.queue === "draw" && state !== "none" && this.#drawLine(),
      h("p", { class: "buttons" }, joins && button("Join the queue", () => this.#join(), "main"),
        link("To the sale", `/s/${this.id}`, "button")),
    ]);
  }
}
