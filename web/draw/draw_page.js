// How the places of a sale are drawn, with the visitor's own proof, checked in their browser.

import { button, h, heading, link, setChildren } from "../shop/dom.js";
import { SaleWatch } from "../shop/sale_watch.js";
import { count, moment, roundOf } from "../shop/words.js";
import { checkDraw, checkSecret, troubles, verdict } from "./check.js";
import { example } from "./example.js";
import { canCalculate } from "./format.js";
import { Steps } from "./steps.js";

const headlines = {
  right: ["The draw was fair to you", "good", "Your browser has checked all of it, with nothing but public numbers."],
  open: ["Fair so far", "", "What can be checked before the draw is right. Come back after it for the rest: your " +
    "receipt is kept in this browser."],
  wrong: ["Something does not fit", "bad", "The draw that is shown now is not the one you were promised."],
};

// Of a draw.
function waiting(beacon) {
  return `waits for ${roundOf(beacon)}, which the world learns ${moment(beacon.published_at)}`;
}

function saved(proof, sale) {
  const text = JSON.stringify({ sale: sale.id, draw: sale.draw, ...proof }, null, 2);
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  h("a", { href: address, download: `receipt-${sale.id}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export class DrawPage {
  #context;
  #id;
  #sale = null;
  #verdict = h("div", { class: "stage" });
  #body = h("div", {});
  #steps = null;
  #watch;
  #checked = null; // what was shown last

  constructor(context, id) {
    this.#context = context;
    this.#id = id;
    this.root = h("div", { class: "narrow" }, this.#verdict, this.#body);
    setChildren(this.#verdict, "looking", () => heading("How places are drawn"));
    this.#watch = new SaleWatch(context.shop, id, (sale, refusal) => this.#heard(sale, refusal));
  }

  get title() {
    return "How places are drawn";
  }

  update() {}

  stop() {
    this.#watch.stop();
  }

  async #heard(sale, refusal) {
    this.#sale = sale;
    this.#context.shop.visit(this.#id).keep(sale?.draw);
    if (!sale) return refusal.status === 404 && this.#say("none", "There is no such sale", "It may be over for long.");
    if (!sale.draw) {
      return this.#say("no-draw", "No draw here", sale.queue === "none"
        ? "This sale has no queue: the first who come are served."
        : "Places in this sale are given in the order of arrival.");
    }
    if (!canCalculate()) return this.#sayInsecure();
    const key = JSON.stringify([sale.draw, this.#context.shop.visit(this.#id).entryToken]);
    if (this.#checked === key) return;
    this.#checked = await this.#check(sale) ? key : null;
  }

  // Whether there is nothing to wait for until the sale's draw has changed.
  async #check(sale) {
    let proof = null;
    try {
      proof = await this.#context.shop.visit(this.#id).proof();
    } catch (refusal) {
      if (refusal.slug === "no-receipt") return this.#showLate(sale);
      if (refusal.status !== 404 && refusal.status !== 401) return false;
    }
    if (!proof) return this.#showExample(sale);
    const steps = await checkDraw({ draw: sale.draw, ...proof });
    this.#show(steps, proof);
    return !sale.draw.drawn || verdict(steps) !== "open"; // else the views are still behind the draw
  }

  #show(steps, proof) {
    const found = verdict(steps);
    const { beacon } = this.#sale.draw;
    const [title, look, usual] = headlines[found];
    const text = found === "right" && beacon ? "Your browser has checked all of it but one thing, which only " +
      `${beacon.source} can tell: that the world's number is its round ${beacon.round}.` : usual;
    const isNew = setChildren(this.#verdict, found, () => [
      heading(title), h("p", {}, text), found === "wrong" && this.#whatToDo(steps),
      h("p", { class: "buttons" }, button("Save your receipt", () => saved(proof, this.#sale)),
        link("To your place", `/s/${this.#id}/queue`, "button")),
    ]);
    this.#verdict.className = `stage ${look}`;
    if (isNew) this.#context[found === "wrong" ? "alarm" : "say"](title);
    this.#showSteps(steps);
  }

  #whatToDo(steps) {
    const found = Object.values(steps).filter((step) => step.state === "wrong" && step.trouble !== "seed-unsound");
    return h("div", { class: "trouble" },
      h("ul", {}, ...found.map((step) => h("li", {}, troubles[step.trouble]))),
      h("p", {}, "Save your receipt: it is your proof. Then check the whole record as described below, and ask the ",
        "shop, with both in hand. A shop that was honest can explain it to you; one that was not cannot."));
  }

  #showLate(sale) {
    if (!sale.draw.root) return false; // has just joined: the receipt comes in a moment
    const { drawn, entries } = sale.draw;
    const [what, were] = drawn ? ["draw", "were"] : ["opening", "are"];
    const text = `You came after the ${what}, so your place is behind the ${count(entries)} who ${were} drawn, in ` +
      "the order of arrival.";
    return this.#showExample(sale, "You were not in the draw", text);
  }

  async #showExample(sale, title = "How places are drawn", text = null) {
    const late = "This browser holds no receipt of this sale, so here is the draw of an example with five people.";
    const own = `${late} Join before the opening, and you see your own.`;
    const secret = await checkSecret({ draw: sale.draw });
    setChildren(this.#verdict, ["example", sale.draw.drawn, text, secret.state], () => [
      heading(title), h("p", {}, text ?? (sale.draw.drawn ? late : own)),
      this.#ofThisSale(sale, secret),
      h("p", { class: "buttons" }, link("To the sale", `/s/${this.#id}`, "button")),
    ]);
    this.#verdict.className = `stage ${secret.state === "wrong" ? "bad" : ""}`;
    this.#showSteps(await checkDraw(example), "An example");
    return true;
  }

  #ofThisSale(sale, secret) {
    const words = {
      open: sale.draw.beacon ? `The secret of this sale is sealed. Its draw ${waiting(sale.draw.beacon)}.`
        : "The secret of this sale is sealed; it is shown at the opening.",
      right: `In this sale ${count(sale.draw.entries)} were drawn, and the secret that was shown fits the seal.`,
      wrong: "In this sale the secret that was shown does not fit the seal: the draw cannot be trusted.",
    };
    return h("p", { class: "message" }, words[secret.state]);
  }

  #showSteps(steps, title = null) {
    this.#steps ??= new Steps();
    setChildren(this.#body, ["steps", title, this.#sale.draw.drawn], () => [
      title && h("p", { class: "badge" }, title), this.#steps.root, this.#limits()]);
    this.#steps.show(steps);
  }

  // What the draw does not show, and how to do without this page.
  #limits() {
    const { transcript, beacon } = this.#sale.draw;
    return h("div", { class: "limits" },
      h("h2", {}, "What this does not show"),
      h("p", {}, beacon
        ? `Whether the world's number is ${roundOf(beacon)} only ${beacon.source} itself can tell: compare. That ` +
          "each line is a person, and a different one, no draw can prove."
        : "The shop knew the secret: it could have tried several last lines of its own before the opening and kept " +
          "the luckiest, unless the sale also draws on a public source of chance. And that each line is a person, " +
          "and a different one, no draw can prove."),
      h("h2", {}, "Check it without us"),
      h("p", {}, "This page is the shop's, too. The whole record is public from the draw on, and a hundred lines " +
        "of Python, written from the description of the format alone, check every line and every place of it:"),
      h("ul", {},
        h("li", {}, transcript
          ? h("a", { href: transcript, download: `${this.#id}.txt` }, "The record of this draw")
          : `The record of this draw: from the ${beacon ? "draw" : "opening"} on`),
        h("li", {}, h("a", { href: "/draw/verify.py", download: true }, "verify.py")),
        h("li", {}, h("a", { href: "/draw/format.md" }, "The format, to the byte"))),
      h("pre", { tabindex: "0" }, `python3 verify.py ${this.#id}.txt`));
  }

  #sayInsecure() {
    setChildren(this.#verdict, "insecure", () => [
      heading("Not checkable over this connection"),
      h("p", {}, "Browsers calculate fingerprints only for pages that came over a secure connection (https), and " +
        "this one did not. Open it over https, or check the record without us."),
    ]);
    setChildren(this.#body, ["insecure", this.#sale.draw.drawn], () => this.#limits());
  }

  #say(key, title, text) {
    setChildren(this.#verdict, key, () => [heading(title), h("p", {}, text),
      h("p", { class: "buttons" }, link("To the sale", `/s/${this.#id}`, "button"))]);
    this.#body.replaceChildren();
  }
}
