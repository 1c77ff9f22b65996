// The shop's page: what is on sale, with live numbers, and a customer's way through it.

import { api, Refusal, serverNow } from "./api.js";
import { Card } from "./card.js";
import * as mine from "./mine.js";
import { refusalInWords } from "./words.js";

const page = {
  sales: document.getElementById("sales"),
  news: document.getElementById("news"),
  connection: document.getElementById("connection"),
};
const cards = new Map();
const busy = new Set();
let listed = [];
let failures = 0;

function tell(text, look = "") {
  page.news.hidden = text === "";
  page.news.className = `news ${look}`;
  page.news.textContent = text;
}

function tellRefusal(refusal) {
  if (!(refusal instanceof Refusal)) throw refusal;
  tell(refusalInWords(refusal), "bad");
}

function cardOf(sale) {
  if (!cards.has(sale.id)) cards.set(sale.id, new Card((name) => act(sale.id, name)));
  return cards.get(sale.id);
}

function render() {
  const now = serverNow();
  for (const sale of listed) {
    const card = cardOf(sale);
    card.show(sale, mine.mineOf(sale.id), now, busy.has(sale.id));
    if (card.root.parentNode !== page.sales) page.sales.append(card.root);
  }
}

function goToPayment(order) {
  if (order?.redirect_url) location.assign(order.redirect_url);
  else tell("The payment provider does not answer at this moment. Your unit is kept; try again in a moment.", "bad");
}

const actions = {
  join: (sale) => mine.join(sale),
  reserve: async (sale) => {
    const got = await mine.reserve(sale);
    if (got.state === "held") tell("A unit is reserved for you.", "good");
  },
  pay: async (sale) => goToPayment(await mine.pay(sale)),
  topay: (sale) => goToPayment(mine.mineOf(sale)),
  back: async (sale) => {
    await mine.giveBack(sale);
    tell("Done: you have nothing in this sale any more.");
  },
};

async function act(sale, name) {
  if (busy.has(sale)) return;
  busy.add(sale);
  tell("");
  try {
    await actions[name](sale);
  } catch (refusal) {
    tellRefusal(refusal);
    mine.lookSoon();
  } finally {
    busy.delete(sale);
  }
  await refreshSales().catch(() => {});
  render();
}

const ends = {
  sold: ["Paid. It is yours!", "good"],
  expired: ["Your reservation has run out, and the unit went back on sale.", "bad"],
  lapsed: ["Your turn has passed: the offer was not taken in time.", "bad"],
  removed: ["The shop took your place out of the queue.", "bad"],
  missed: ["The sale has ended before your turn came.", "bad"],
  offered: ["It is your turn!", "good"],
};

async function lookAtMine() {
  for (const sale of mine.lookingDue()) {
    const { before, now, refusal } = await mine.look(sale);
    if (refusal) tell(refusalInWords(refusal), "bad");
    else if (before && now && before.state !== now.state) {
      if (now.state === "held" && before.state === "paying") tell("The payment was declined.", "bad");
      else if (ends[now.state]) tell(...ends[now.state]);
    }
  }
}

async function refreshSales() {
  listed = (await api.sales()).sales;
  if (listed.length === 0) page.sales.textContent = "Nothing is on sale yet.";
  else if (cards.size === 0) page.sales.replaceChildren();
}

function pauseSeconds() {
  if (failures > 0) return Math.min(15, 2 ** failures);
  return document.hidden ? 10 : 1;
}

async function turn() {
  try {
    await refreshSales();
    await lookAtMine();
    failures = 0;
    page.connection.textContent = "live";
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    failures += 1;
    page.connection.textContent = "No answer from the shop; trying again";
  }
  render();
}

async function returnFromPayment() {
  const order = new URLSearchParams(location.search).get("order");
  if (!order) return;
  history.replaceState(null, "", "/");
  try {
    const now = await mine.returnedWith(order);
    if (now.state === "sold") tell(...ends.sold);
  } catch (refusal) {
    tellRefusal(refusal);
  }
}

async function run() {
  await returnFromPayment();
  let timer;
  let turning = false;
  const loop = async () => {
    if (turning) return;
    turning = true;
    clearTimeout(timer);
    await turn();
    turning = false;
    timer = setTimeout(loop, pauseSeconds() * 1000);
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    mine.lookSoon();
    loop();
  });
  setInterval(render, 500);
  await loop();
}

run();
