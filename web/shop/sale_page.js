// What the pages of one sale have in common: its numbers, what the visitor has in it, and buttons that act.

import { Refusal } from "../client/doorbuster.js";
import { callBack } from "./attention.js";
import { refusalInWords } from "./words.js";

const spokenEndings = {
  expired: "Your reservation has run out, and the unit went back on sale.",
  lapsed: "Your turn has passed: the offer was not taken in time.",
  removed: "The shop took your place out of the queue.",
  missed: "The sale has ended before your turn came.",
};

export class SalePage {
  #stopped = false;

  // `context`: { shop, tell(text, look), alarm(text), go(path, how) }
  constructor(context, id) {
    this.context = context;
    this.id = id;
    this.sale = null;
    this.refusal = null; // why there is no sale to show
    this.known = false; // whether it is known what the visitor has
    this.busy = false;
    this.visit = context.shop.visit(id);
    this.onChange = (event) => this.#changed(event);
    this.visit.addEventListener("change", this.onChange);
  }

  // After the subclass is whole.
  start(watch) {
    this.watch = watch;
    this.#findMine();
  }

  stop() {
    this.#stopped = true;
    this.watch?.stop();
    this.visit.removeEventListener("change", this.onChange);
    this.visit.stop();
  }

  heard(sale, refusal) {
    this.sale = sale;
    this.refusal = refusal;
    this.update();
  }

  get mine() {
    return this.visit.current;
  }

  get now() {
    return this.context.shop.now();
  }

  async act(doing) {
    if (this.busy) return;
    this.busy = true;
    this.context.tell("");
    this.update();
    try {
      await doing();
      this.visit.follow();
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      this.context.tell(refusalInWords(refusal), "bad");
      if (!refusal.passing) this.visit.look().catch(() => {});
    } finally {
      this.busy = false;
      this.update();
    }
    this.watch?.ask();
  }

  async #findMine() {
    while (!this.known && !this.#stopped) {
      try {
        if (!this.mine) await this.visit.look();
        this.known = true;
      } catch {
        await new Promise((done) => setTimeout(done, 2000)); // the line at the top says that nobody answers
      }
    }
    if (this.#stopped) return;
    this.visit.follow();
    this.update();
  }

  #changed({ before, now }) {
    this.known = true;
    if (before && now) this.#tellChange(before.state, now);
    this.update();
    if (now?.state === "offered") callBack("It is your turn!");
  }

  #tellChange(before, now) {
    if (before === now.state) return;
    if (now.state === "offered") this.context.alarm("It is your turn! A unit is set aside for you.");
    else if (now.state === "held" && before === "paying") this.context.tell("The payment was declined.", "bad");
    else if (spokenEndings[now.state]) this.context.tell(spokenEndings[now.state], "bad");
  }
}
