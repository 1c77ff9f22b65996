// Lets this machine work where the server asks for it, by ALTCHA's own widget: whoever shares an address with many need
// not wait for them (docs/guard.md). Few meet it, so the widget is fetched when somebody does.

import { Refusal } from "../client/refusal.js";
import { h } from "./dom.js";

const workersMax = 8;

// What this page trusts from then on (Trusted Types): workers from the one address below, which the build made from its
// content; and the widget's labels, which it writes as if they were markup: none of them is, and none becomes it.
const workers = globalThis.trustedTypes?.createPolicy("doorbuster-worker", { createScriptURL: (address) => address });
globalThis.trustedTypes?.createPolicy("default", { createHTML: (text) => text.replaceAll("<", "&lt;") });

let loaded = null;

function load() {
  loaded ??= import("../altcha/altcha.js").then(() => {
    const address = "../altcha/scrypt.js";
    const create = () => new Worker(workers?.createScriptURL(address) ?? address);
    globalThis.$altcha.algorithms.set("SCRYPT", create);
    document.head.append(h("link", { rel: "stylesheet", href: "../altcha/altcha.css" }));
  });
  return loaded;
}

function givenUp() {
  return new Refusal("not-solved", 403, { detail: "Your browser could not show that it is worth a place. Try again." });
}

function reasonFor(address) {
  if (address.endsWith("for=draw")) {
    return "Your browser works for some seconds for its part in the draw. People's do that side by side; a bot " +
      "that wants thousands of places can't.";
  }
  return "Many people come from where you are. Your browser works for a moment to show that you are no bot.";
}

// What the widget made of the challenge at the address.
export async function solve(address) {
  await load().catch(() => {
    loaded = null;
    throw givenUp();
  });
  const widget = h("altcha-widget", {
    challenge: address,
    workers: Math.min(navigator.hardwareConcurrency || 2, workersMax),
    configuration: JSON.stringify({ hideFooter: true, hideLogo: true, humanInteractionSignature: false,
      minDuration: 0 }),
  });
  const dialog = h("dialog", { "aria-labelledby": "work" },
    h("form", { method: "dialog" }, h("h2", { id: "work" }, "One moment …"),
      h("p", {}, reasonFor(address)),
      widget, h("p", { class: "buttons" }, h("button", { value: "no", formnovalidate: true }, "Never mind"))));
  document.body.append(dialog);
  try {
    return await solved(dialog, widget);
  } finally {
    dialog.remove();
  }
}

function solved(dialog, widget) {
  return new Promise((done, fail) => {
    dialog.addEventListener("close", () => fail(givenUp()));
    widget.addEventListener("verified", (event) => done(event.detail.payload));
    widget.addEventListener("statechange", (event) => event.detail.state === "error" && fail(givenUp()));
    widget.addEventListener("load", () => widget.verify());
    dialog.showModal();
  });
}
