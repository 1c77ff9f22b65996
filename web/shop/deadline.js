// A time that runs out, in digits and as a bar. It ticks for the eye only; the ear hears the last minute and the last
// 15 seconds.

import { h, setText } from "./dom.js";
import { left } from "./words.js";

const spoken = [[15_000, "15 seconds left"], [60_000, "One minute left"]];

export class Deadline {
  #digits = h("b", { class: "digits", role: "timer" });
  #rest = h("span", {});
  #heard = Infinity;
  #say;

  // `say(text)` tells it to a screen reader.
  constructor(label, say) {
    this.#say = say;
    const bar = h("div", { class: "rest", "aria-hidden": "true" }, this.#rest);
    this.root = h("div", { class: "deadline" }, h("p", {}, this.#digits, h("span", { class: "quiet" }, label)), bar);
  }

  show(endText, now, allSeconds) {
    // Our idea of the server's time may be a little late, but there was never more than all of it.
    const rest = Math.min(allSeconds * 1000, Math.max(0, Date.parse(endText) - now));
    setText(this.#digits, left(rest));
    this.#rest.style.width = `${Math.min(100, rest / allSeconds / 10).toFixed(1)}%`;
    this.root.classList.toggle("short", rest < 30_000);
    const mark = spoken.find(([ms]) => rest <= ms);
    if (mark && mark[0] < this.#heard && this.#heard !== Infinity && rest > 0) this.#say(mark[1]);
    this.#heard = mark ? mark[0] : Number.MAX_VALUE;
  }
}
