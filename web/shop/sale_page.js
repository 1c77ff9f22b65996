// What the pages of one sale have in common: its numbers, what the visitor has in it, and buttons that act.

import { Refusal } from "../client/doorbuster.js";
import { refusalInWords } from "./words.js";

export class SalePage {
  #stopped = false;

  // `context`: as in app.js
  constructor(context, id) {
    this.context = context;
    this.id = id;
    this.sale = null;
    this.refusal = null; // why there is no sale to show
    this.known = false; // whether it is known what the visitor has
    this.busy = false;
    this.visit = context.shop.visit(id);
    this.onChange = () => this.#changed();
    this.visit.addEventListener("change", this.onChange);
    context.attend(this.visit);
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
    if (this.mine?.kind !== "entry") this.visit.stop(); // who waits is told on every page
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

  async giveUp() {
    await this.visit.leave();
    this.context.go(`/s/${this.id}`);
    this.context.tell("Done: you have nothing in this sale any more.");
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

  #changed() {
    this.known = true;
    this.update();
  }
}
