// The demo shop's cart: what a shop tells of it beside the script tags of its pages.
//
// That something went into the cart is told by anybody's page. What was bought is told by the shop's server with its
// key, or, as here, by the customer's page with the token that the shop's server gave its customer.

import { visitOf } from "../client/visits.js";

const storedCart = "demo-shop-cart";
const storedToken = "demo-shop-token";
const visit = visitOf(window);

const cart = () => JSON.parse(sessionStorage.getItem(storedCart) ?? "[]");

function keep(lines) {
  sessionStorage.setItem(storedCart, JSON.stringify(lines));
  showCount();
}

// As a shop's own server does for a customer who has logged in.
async function token() {
  const known = sessionStorage.getItem(storedToken);
  if (known) return known;
  const answer = await fetch("/demo-shop/customer", { method: "POST" });
  const made = (await answer.json()).token;
  sessionStorage.setItem(storedToken, made);
  return made;
}

async function tell(type, items, bearer = null) {
  const rows = items.map((item) => ({ type, item, ...(visit && { session: visit }) }));
  const headers = bearer ? { Authorization: `Bearer ${bearer}` } : {};
  const answer = await fetch("/api/v1/recs/events", { method: "POST", headers, body: JSON.stringify(rows) });
  if (!answer.ok) throw new Error(`events: ${answer.status}`);
}

function say(words) {
  document.getElementById("said").textContent = words;
}

async function put(line) {
  keep([...cart(), line]);
  if (visit) await tell("cart", [line.item]);
  say(`${line.title} is in your cart.`);
}

async function buy(items) {
  await tell("purchase", items, await token());
  say("Bought, in a manner of speaking. It will not be recommended to you again.");
}

function showCount() {
  const count = document.getElementById("cart-count");
  count.textContent = String(cart().length);
  count.hidden = cart().length === 0;
}

function element(name, members, ...children) {
  const made = Object.assign(document.createElement(name), members);
  made.append(...children);
  return made;
}

function lineOf(line, at) {
  const out = element("button", { type: "button", textContent: "Remove" });
  out.setAttribute("aria-label", `Remove ${line.title}`);
  out.addEventListener("click", () => {
    keep(cart().filter((_, each) => each !== at));
    showCart();
    (document.querySelector("#cart button") ?? document.getElementById("page")).focus();
  });
  const image = element("img", { src: line.image, alt: "", width: 160, height: 120 });
  const href = `/demo-shop/p/${encodeURIComponent(line.item)}`;
  return element("li", {}, image, element("span", {}, element("a", { href, textContent: line.title }), " ", line.price),
    out);
}

function showCart() {
  const lines = cart();
  const all = element("button", { type: "button", className: "main", textContent: "Buy all of it" });
  all.addEventListener("click", () => attempt(async () => {
    await buy(lines.map((line) => line.item));
    keep([]);
    showCart();
  }));
  document.getElementById("cart").replaceChildren(...(lines.length > 0
    ? [element("ul", { className: "lines" }, ...lines.map(lineOf)), element("p", { className: "buttons" }, all)]
    : [element("p", { className: "lead", textContent: "Your cart is empty." })]));
}

const attempt = (doing) => doing().catch(() => say("The shop does not answer. Try again."));

const deeds = { cart: put, buy: (line) => buy([line.item]) };

for (const button of document.querySelectorAll("[data-do]"))
  button.addEventListener("click", () => attempt(() => deeds[button.dataset.do]({ ...button.parentElement.dataset })));
showCount();
if (document.getElementById("cart")) showCart();
