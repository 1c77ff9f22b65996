// What else there is, for those who come too late or wait: what others bought and looked at beside this. Only where the
// server serves recommendations and knows any; a page is whole without.

import { visitOf, webAddress } from "../client/visits.js";
import { h, setShown } from "./dom.js";
import { isSoldOut, money, wholeMoney } from "./words.js";

const shownAtMost = 4;
const askedFor = 12;

async function call(server, path, options) {
  const answer = await fetch(`${server}/api/v1/recs${path}`, options);
  return answer.ok ? answer.json() : null;
}

// That somebody has looked at a sale: told when they leave its page, so that the page asks for nothing more while it
// opens, and a crowd that waits for an opening tells nothing before it.
export class Look {
  #tell;

  // `shop`: the client of the server
  constructor(shop, sale) {
    const session = visitOf(window);
    this.#tell = session && (() => {
      const body = JSON.stringify([{ type: "view", item: sale, session }]);
      call(shop.server, "/events", { method: "POST", body, keepalive: true }).catch(() => {});
    });
    if (this.#tell) addEventListener("pagehide", this.#tell, { once: true });
  }

  // They go on to another of our pages.
  stop() {
    if (!this.#tell) return;
    removeEventListener("pagehide", this.#tell);
    this.#tell();
    this.#tell = null;
  }
}

export class Alternatives {
  root = h("section", { class: "alternatives", "aria-label": "What else there is" });
  #shop;
  #asked = null; // of which sale

  // `shop`: the client of the server
  constructor(shop) {
    this.#shop = shop;
    setShown(this.root, false);
  }

  // Asks once a sale, and shows what there is.
  show(sale, wanted = true) {
    if (!wanted) return setShown(this.root, false);
    if (this.#asked === sale.id) return setShown(this.root, this.root.childElementCount > 0);
    this.#asked = sale.id;
    this.#fill(sale.id).catch(() => {}); // it is no more than an offer
  }

  async #fill(sale) {
    const session = visitOf(window);
    const query = new URLSearchParams({ n: askedFor, ...(session && { session }) });
    const found = await call(this.#shop.server, `/items/${encodeURIComponent(sale)}/also-bought?${query}`);
    if (!found?.items?.length) return;
    const sales = new Map((await this.#shop.sales()).map((each) => [each.id, each]));
    const salesOf = (one) => [one.item, ...one.sales ?? []].map((id) => sales.get(id)).filter(Boolean);
    const cards = found.items.filter((one) => one.item !== sale).map((one) => this.#card(one, salesOf(one)));
    const shown = cards.filter(Boolean).slice(0, shownAtMost);
    if (shown.length === 0 || this.#asked !== sale) return;
    this.root.replaceChildren(h("h2", {}, "What else there is"), h("ul", {}, ...shown));
    setShown(this.root, true);
  }

  // Of what has neither an address nor a sale there is nowhere to lead.
  #card(one, sales) {
    const sale = sales.find((each) => each.state !== "closed" && !isSoldOut(each));
    if (sales.length > 0 && !sale) return null;
    const href = sale ? `/s/${sale.id}` : webAddress(one.url, document.baseURI);
    if (!href) return null;
    const image = sale ? sale.item.image_url : webAddress(one.image, document.baseURI);
    const price = sale ? money(sale.price) : wholeMoney(one.price, one.currency);
    return h("li", {}, h("a", { href },
      image && h("img", { src: image, alt: "", width: "120", height: "90", loading: "lazy" }),
      h("b", {}, sale ? sale.title : one.title ?? one.item), price && h("span", { class: "quiet" }, price)));
  }
}
