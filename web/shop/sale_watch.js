// A sale's public numbers, kept fresh: often near the opening and while they move, seldom otherwise.

function secondsUntilNextAsk(sale, now) {
  if (document.hidden) return 30;
  const toOpening = (Date.parse(sale.opens_at) - now) / 1000;
  if (sale.state === "closed") return 60;
  if (sale.state === "open" || sale.state === "paused") return 3;
  if (toOpening < 5) return 1;
  return Math.min(30, toOpening / 4);
}

export class SaleWatch {
  #timer;
  #stopped = false;
  #failures = 0;
  #atLeast;
  #told;
  #shop;
  #lookIfSeen = () => document.hidden || this.ask();

  // `told(sale, refusal)` is called with what is new, or with why there is nothing. `atLeast()` says how many seconds
  // to wait before asking again, whatever else: who is far away in a long line need not know every number.
  constructor(shop, id, told, atLeast = () => 0) {
    this.#shop = shop;
    this.id = id;
    this.sale = null;
    this.#told = told;
    this.#atLeast = atLeast;
    document.addEventListener("visibilitychange", this.#lookIfSeen);
    this.ask();
  }

  async ask() {
    let refusal = null;
    try {
      this.sale = await this.#shop.sale(this.id);
      this.#failures = 0;
    } catch (trouble) {
      refusal = trouble;
      this.#failures += 1;
    }
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    const seconds = this.#failures > 0 ? Math.min(15, 2 ** this.#failures) : this.#secondsUntilNext();
    this.#timer = setTimeout(() => this.ask(), seconds * 1000 * (1 + Math.random() / 5));
    this.#told(this.sale, refusal);
  }

  #secondsUntilNext() {
    return Math.max(this.#atLeast(), secondsUntilNextAsk(this.sale, this.#shop.now()));
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    document.removeEventListener("visibilitychange", this.#lookIfSeen);
  }
}
