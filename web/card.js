// One sale on the page. Only what changed is touched, so focus stays where it was and nothing flickers.

import { badge, count, left, money, people } from "./words.js";

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function share(element, units, all) {
  const width = `${((100 * units) / all).toFixed(2)}%`;
  if (element.style.width !== width) element.style.width = width;
}

function waitInWords(entry) {
  const wait = entry.estimated_wait;
  if (!wait) return "";
  return ` Probably ${left(wait.p50_seconds * 1000)}, perhaps ${left(wait.p90_seconds * 1000)}.`;
}

const closedStates = { closed: "This sale is over.", paused: "The sale is paused for a moment." };

// What a person without anything in this sale can do.
function invitation(sale) {
  if (closedStates[sale.state]) return { line: closedStates[sale.state], buttons: [] };
  if (sale.sold === sale.units) return { line: "Sold out.", buttons: [] };
  if (!sale.guests) return { line: "For customers with an account of the shop.", buttons: [] };
  const queued = sale.queue !== "none";
  if (sale.state === "open" || (queued && sale.state === "prequeue")) {
    if (queued) return { line: "", buttons: [["join", "Take a place in the queue", true]] };
    if (sale.available > 0) return { line: "", buttons: [["reserve", "Buy one", true]] };
    return {
      line: "All units are reserved at this moment. Those that are not paid for come back.",
      buttons: [["reserve", "Try again", false]],
    };
  }
  return { line: "", buttons: [] };
}

function inQueue(entry, now) {
  if (entry.state === "offered") {
    const time = left(Date.parse(entry.claim_until) - now);
    return {
      strong: "It is your turn.",
      line: ` A unit waits for you for another ${time}.`,
      buttons: [["reserve", "Take it", true], ["back", "No, thank you", false]],
    };
  }
  if (entry.state !== "waiting") return null;
  const ahead = entry.people_ahead === 0 ? "You are next." : `Before you: ${people(entry.people_ahead)}.`;
  return {
    strong: `Place ${count(entry.position)}.`,
    line: ` ${ahead}${waitInWords(entry)} You can close this page: the place is kept.`,
    buttons: [["back", "Leave the queue", false]],
  };
}

function withUnit(mine, sale, now) {
  const time = left(Date.parse(mine.expires_at) - now);
  const price = money(sale.price);
  if (mine.state === "held") {
    const again = mine.attempts > 0 ? "The payment was declined; you can try again. " : "";
    return {
      strong: `Reserved for you for ${time}.`,
      line: ` ${again}Pay before the time is up, or it goes back on sale.`,
      buttons: [["pay", `Pay ${price}`.trim(), true], ["back", "Give it back", false]],
    };
  }
  if (mine.state === "paying") {
    const buttons = mine.redirect_url ? [["topay", "Go on to the payment", true]] : [];
    return { strong: "A payment is under way.", line: ` Your unit is kept for another ${time}.`, buttons };
  }
  if (mine.state === "sold") return { strong: "It is yours.", line: ` Paid; your order is ${mine.id}.`, buttons: [] };
  if (mine.refund === "due") {
    return { strong: "Paid too late.", line: " Your time had run out. The money goes back to you.", buttons: [] };
  }
  return null;
}

function situation(mine, sale, now) {
  if (!mine) return invitation(sale);
  return (mine.kind === "entry" ? inQueue(mine, now) : withUnit(mine, sale, now)) ?? invitation(sale);
}

export class Card {
  // `act(name)` is called when a button is pressed.
  constructor(act) {
    this.root = document.getElementById("card").content.firstElementChild.cloneNode(true);
    this.act = act;
    this.buttonsShown = "";
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  show(sale, mine, now, busy) {
    this.root.dataset.sale = sale.id;
    this.showItem(sale, now);
    this.showNumbers(sale);
    const at = situation(mine, sale, now);
    this.root.dataset.mine = mine ? mine.state : "";
    this.showLine(at);
    this.showButtons(at.buttons, busy);
  }

  showItem(sale, now) {
    const [text, look] = badge(sale, now);
    setText(this.find(".badge"), text);
    this.find(".badge").className = `badge ${look}`;
    setText(this.find("h2"), sale.title);
    setText(this.find(".description"), sale.item.description);
    setText(this.find(".price"), money(sale.price));
    const picture = this.find(".picture");
    if (sale.item.image_url && picture.getAttribute("src") !== sale.item.image_url) {
      picture.src = sale.item.image_url;
      picture.hidden = false;
      picture.onerror = () => { picture.hidden = true; this.root.classList.remove("pictured"); };
      this.root.classList.add("pictured");
    }
  }

  showNumbers(sale) {
    setText(this.find(".available"), count(sale.available));
    setText(this.find(".held-count"), count(sale.held + sale.offered));
    setText(this.find(".paying-count"), count(sale.paying));
    setText(this.find(".sold-count"), count(sale.sold));
    share(this.find(".bar .sold"), sale.sold, sale.units);
    share(this.find(".bar .paying"), sale.paying, sale.units);
    share(this.find(".bar .held"), sale.held + sale.offered, sale.units);
    this.find(".bar").setAttribute("aria-label", `${count(sale.available)} of ${count(sale.units)} units left`);
    const waiting = this.find(".waiting");
    waiting.hidden = sale.waiting === 0;
    setText(waiting, `${people(sale.waiting)} in the queue`);
  }

  showLine(at) {
    const line = this.find(".line");
    const text = (at.strong ?? "") + at.line;
    if (line.textContent === text) return;
    line.replaceChildren();
    if (at.strong) line.append(Object.assign(document.createElement("strong"), { textContent: at.strong }));
    line.append(at.line);
  }

  showButtons(buttons, busy) {
    const place = this.find(".buttons");
    const wanted = JSON.stringify(buttons);
    if (wanted !== this.buttonsShown) {
      const focused = place.contains(document.activeElement);
      place.replaceChildren(...buttons.map((button) => this.button(button)));
      this.buttonsShown = wanted;
      if (focused) (place.firstElementChild ?? this.find(".mine")).focus();
    }
    for (const button of place.children) button.setAttribute("aria-disabled", String(busy));
  }

  button([name, text, main]) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = text;
    button.dataset.act = name;
    if (main) button.className = "main";
    button.addEventListener("click", () => this.act(name));
    return button;
  }
}
