// The pages' router: one document, an address for each page, no reload between them.

import { Doorbuster } from "../client/doorbuster.js";
import { attend } from "./attend.js";
import { CheckoutPage } from "./checkout_page.js";
import { handedOverToken, rememberWayBack } from "./departure.js";
import { button, h, heading, link, setChildren } from "./dom.js";
import { ListPage } from "./list_page.js";
import { OrderPage } from "./order_page.js";
import { QueuePage } from "./queue_page.js";
import { ShopPage } from "./shop_page.js";

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

const main = document.getElementById("page");
const news = document.getElementById("news");
const alarm = document.getElementById("alarm");
const connection = document.getElementById("connection");
const shop = new Doorbuster({ token: handedOverToken() });
let page = null;

const context = {
  shop,
  go,
  titled,
  attend: (visit) => attend(context, visit, (sale) => page?.id === sale),
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
  const title = `${page?.title ?? "On sale"} · Doorbuster`;
  if (document.title !== title && page?.title) document.title = title;
}

// Customers come back from the payment to "/?order=...".
function normalAddress() {
  const order = new URLSearchParams(location.search).get("order");
  if (location.pathname === "/" && order) history.replaceState(null, "", `/orders/${encodeURIComponent(order)}`);
}

function pageAt(path) {
  for (const [pattern, Page] of routes) {
    const match = pattern.exec(path);
    if (match) return new Page(context, ...match.slice(1).map(decodeURIComponent));
  }
  return new NoPage();
}

function show({ focus }) {
  page?.stop();
  context.tell("");
  page = pageAt(location.pathname);
  main.replaceChildren(page.root);
  page.update();
  titled();
  if (!focus) return;
  scrollTo(0, 0);
  (main.querySelector("h1") ?? main).focus({ preventScroll: true });
}

function go(path, { replace = false } = {}) {
  if (path === location.pathname) return;
  history[replace ? "replaceState" : "pushState"](null, "", path);
  show({ focus: true });
}

function followLink(event) {
  const at = event.target.closest?.("a[href]");
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!at || !plain || at.origin !== location.origin || !routes.some(([pattern]) => pattern.test(at.pathname))) return;
  if (at.hash) return;
  event.preventDefault();
  go(at.pathname);
}

function showConnection() {
  const words = shop.connected ? "" : "No answer from the shop. Your place is kept; trying again …";
  if (connection.textContent !== words) connection.textContent = words;
}

normalAddress();
rememberWayBack();
show({ focus: false });
document.addEventListener("click", followLink);
addEventListener("popstate", () => show({ focus: true }));
shop.addEventListener("connection", showConnection);
setInterval(() => page.update(), 500);
