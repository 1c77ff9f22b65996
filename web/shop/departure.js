// The way back to the shop that has sent the visitor here:
//   /s/{sale}/queue?return=https://shop.example/checkout#token=...

import { Refusal } from "../client/doorbuster.js";
import { cameBy } from "./channel.js";
import { Deadline } from "./deadline.js";
import { button, h, heading, setChildren } from "./dom.js";
import { refusalInWords } from "./words.js";

const tokenKey = "doorbuster:token";
const waysBack = new Map(); // sale -> address, for as long as the document lives

// The shop's token of its customer. It is in the fragment, which no server sees, and stays in this tab.
export function handedOverToken() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  try {
    if (token) sessionStorage.setItem(tokenKey, token);
    if (token) history.replaceState(null, "", location.pathname + location.search);
    return token ?? sessionStorage.getItem(tokenKey);
  } catch {
    return token; // a browser that stores nothing knows it until a reload
  }
}

export function rememberWayBack() {
  const sale = /^\/s\/([^/]+)\/queue$/.exec(location.pathname)?.[1];
  const address = new URLSearchParams(location.search).get("return");
  if (sale && address) waysBack.set(decodeURIComponent(sale), address);
}

// Takes whoever it is the turn of back to the shop: at once if they look, else when they do.
export class Departure {
  #page;
  #address;
  #joined = false; // by itself, which is done once: who leaves or is late decides for themselves
  #going = false;
  #refusal = null;
  #deadline = null;

  // The departure from the waiting room of a sale, or null if the visitor was not sent here.
  static from(page) {
    const address = waysBack.get(page.id);
    return address ? new Departure(page, address) : null;
  }

  constructor(page, address) {
    this.#page = page;
    this.#address = address;
  }

  // Stands in line for whoever came to do so.
  joinOnce() {
    const { mine, sale, context } = this.#page;
    const may = (sale.state === "open" || sale.state === "prequeue") && (sale.guests || context.shop.token);
    if (this.#joined || !may || ["waiting", "offered", "held", "paying"].includes(mine?.state)) return;
    this.#joined = true;
    this.#page.act(() => this.#page.visit.join(cameBy(this.#page.id)));
  }

  // Shows the way on `stage` and goes it, if it is the visitor's turn. Whether it is, and there is a way.
  show(stage) {
    const { mine, sale, now } = this.#page;
    if (!["offered", "held", "paying"].includes(mine?.state)) this.#refusal = null;
    if (!this.#address || !["offered", "held", "paying"].includes(mine?.state)) return false;
    setChildren(stage, ["going", this.#refusal?.message], () => this.#stage());
    const seconds = mine.claim_until ? sale.claim_seconds : sale.hold_seconds;
    this.#deadline.show(mine.claim_until ?? mine.expires_at, now, seconds);
    if (!document.hidden && !this.#refusal) this.#go();
    return true;
  }

  #stage() {
    this.#deadline = new Deadline("to go there", (text) => this.#page.context.say(text));
    return [
      heading("It is your turn!"),
      this.#refusal ? h("p", { class: "message" }, refusalInWords(this.#refusal))
        : h("p", {}, "On your way back to the shop …"),
      this.#deadline.root,
      h("p", { class: "buttons" }, button("Go to the shop", () => this.#go(), "main")),
    ];
  }

  async #go() {
    if (this.#going) return;
    this.#going = true;
    this.#refusal = null;
    const { visit, context } = this.#page;
    try {
      if (this.#page.mine.state === "offered") {
        await visit.admission(this.#address); // whether the shop knows the address, before anything is taken for it
        await visit.claim();
      }
      location.replace((await visit.admission(this.#address)).return_to);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      this.#going = false;
      this.#refusal = refusal;
      if (refusal.slug === "return-not-allowed") {
        this.#address = null;
        context.tell(refusalInWords(refusal), "bad");
      }
      visit.look().catch(() => {});
      this.#page.update();
    }
  }
}
