// The customers' pages and what they share.

import { Doorbuster } from "../client/doorbuster.js";
import { attend } from "./attend.js";
import { rememberChannel } from "./channel.js";
import { CheckoutPage } from "./checkout_page.js";
import { handedOverToken, rememberWayBack } from "./departure.js";
import { button, h, heading, link, setChildren } from "./dom.js";
import { ListPage } from "./list_page.js";
import { OrderPage } from "./order_page.js";
import { pageUse } from "./page_use.js";
import { QueuePage } from "./queue_page.js";
import { Router } from "./router.js";
import { ShopPage } from "./shop_page.js";
import { solve } from "./solve.js";

// A page that few open: its script is fetched when somebody does.
function fetched(load, name) {
  return class {
    #page = null;
    #stopped = false;
    root = h("div", {}, h("div", { class: "narrow" }, heading("One moment …")));

    constructor(...given) {
      load().then((script) => this.#stopped || this.#show(new script[name](...given)), () => this.#showTrouble());
    }

    get title() {
      return this.#page?.title ?? "One moment …";
    }

    #show(shown) {
      this.#page = shown;
      setChildren(this.root, "fetched", () => shown.root);
      titled();
    }

    #showTrouble() {
      setChildren(this.root, "trouble", () => h("div", { class: "narrow" }, heading("This page could not be loaded"),
        h("p", {}, "Is your connection there?"), button("Try again", () => location.reload(), "main")));
    }

    update() {
      this.#page?.update();
    }

    stop() {
      this.#stopped = true;
      this.#page?.stop();
    }
  };
}

const routes = [
  [/^\/$/, ListPage],
  [/^\/s\/([^/]+)$/, ShopPage],
  [/^\/s\/([^/]+)\/queue$/, QueuePage],
  [/^\/s\/([^/]+)\/checkout$/, CheckoutPage],
  [/^\/s\/([^/]+)\/draw$/, fetched(() => import("../draw/draw.js"), "DrawPage")],
  [/^\/orders\/([^/]+)$/, OrderPage],
];

class NoPage {
  title = "There is no such page";
  root = h("div", { class: "narrow" }, heading(this.title), link("What is on sale", "/", "button"));

  update() {}

  stop() {}
}

const news = document.getElementById("news");
const alarm = document.getElementById("alarm");
const connection = document.getElementById("connection");
const shop = new Doorbuster({ token: handedOverToken(), solve, pageUse });

const context = {
  shop,
  go: (path, how) => router.go(path, how),
  titled,
  attend: (visit) => attend(context, visit, (sale) => router.page?.id === sale),
  tell(text, look = "", path = null) {
    news.className = `news ${look}`;
    news.replaceChildren(text, ...(path ? [" ", link("See it", path)] : []));
  },
  // For ears only, when there is time.
  say(text) {
    alarm.setAttribute("aria-live", "polite");
    alarm.textContent = text;
  },
  // For ears only, at once.
  alarm(text) {
    alarm.setAttribute("aria-live", "assertive");
    alarm.textContent = text;
  },
};

function titled() {
  const title = `${router.page.title} · Doorbuster`;
  if (document.title !== title) document.title = title;
}

// Customers come back from the payment to "/?order=...".
function normalAddress() {
  const order = new URLSearchParams(location.search).get("order");
  if (location.pathname === "/" && order) history.replaceState(null, "", `/orders/${encodeURIComponent(order)}`);
}

const router = new Router(routes, (Page, ids) => {
  context.tell("");
  return Page ? new Page(context, ...ids) : new NoPage();
}, () => {
  router.page.update();
  titled();
});

function showConnection() {
  const words = shop.connected ? "" : "No answer from the shop. Your place is kept; trying again …";
  if (connection.textContent !== words) connection.textContent = words;
}

normalAddress();
rememberChannel();
rememberWayBack();
router.show({ focus: false });
shop.addEventListener("connection", showConnection);
setInterval(() => router.page.update(), 500);
