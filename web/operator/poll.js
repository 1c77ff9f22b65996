// Asks again and again while the page is looked at, and gives up on nothing: after trouble it asks less often, and at
// once when the tab or the network is back.

import { backoffSeconds } from "../client/pause.js";

export class Poll {
  #timer = null;
  #failures = 0;
  #asking = false;
  #again = false;
  #stopped = false;
  #ask;
  #seconds;
  #wake = () => this.now();

  // `ask()` may throw; it is asked again all the same.
  constructor(seconds, ask) {
    this.#seconds = seconds;
    this.#ask = ask;
    document.addEventListener("visibilitychange", this.#wake);
    addEventListener("online", this.#wake);
    this.now();
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    document.removeEventListener("visibilitychange", this.#wake);
    removeEventListener("online", this.#wake);
  }

  async now() {
    clearTimeout(this.#timer);
    if (this.#stopped || document.hidden) return;
    this.#again = this.#asking;
    if (this.#asking) return;
    this.#asking = true;
    try {
      await this.#ask();
      this.#failures = 0;
    } catch {
      this.#failures += 1;
    } finally {
      this.#asking = false;
    }
    const seconds = this.#failures ? backoffSeconds(this.#failures, this.#seconds) : this.#seconds;
    if (!this.#stopped) this.#timer = setTimeout(() => this.now(), this.#again ? 0 : seconds * 1000);
  }
}
