// Tells what happens to the visitor's places and units, on whatever page they are.

import { callBack } from "./attention.js";

const spokenEndings = {
  expired: "Your reservation has run out, and the unit went back on sale.",
  lapsed: "Your turn has passed: the offer was not taken in time.",
  removed: "The shop took your place out of the queue.",
  missed: "The sale has ended before your turn came.",
};

const attended = new Set();

// `isShown(sale)` says whether one of the sale's own pages is on show: it shows an offer by itself.
export function attend(context, visit, isShown) {
  if (attended.has(visit)) return;
  attended.add(visit);
  visit.addEventListener("change", ({ before, now }) => {
    if (!now || before?.state === now.state) return;
    if (now.state === "offered") tellOffer(context, visit, isShown(visit.sale));
    else if (before) tellChange(context, before.state, now.state);
  });
}

function tellOffer(context, visit, isOnShow) {
  callBack("It is your turn!");
  context.alarm("It is your turn! A unit is set aside for you.");
  if (!isOnShow) context.tell("It is your turn! A unit is set aside for you.", "good", `/s/${visit.sale}/queue`);
}

function tellChange(context, before, now) {
  if (now === "held" && before === "paying") context.tell("The payment was declined.", "bad");
  else if (spokenEndings[now]) context.tell(spokenEndings[now], "bad");
}
