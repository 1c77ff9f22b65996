// "Are you sure, and why?" The reason goes into the audit trail. Escape means no, and the focus goes back.

import { answerOf } from "../shop/ask.js";
import { h } from "../shop/dom.js";

// The reason, "" for none; null for no.
export async function askReason({ question, text, yes, isReasonNeeded = false }) {
  const reason = h("input", { id: "reason", type: "text", maxlength: "500", autocomplete: "off",
    required: isReasonNeeded });
  const dialog = h("dialog", { "aria-labelledby": "question" }, h("form", { method: "dialog", class: "fields" },
    h("h2", { id: "question" }, question), h("p", {}, text),
    h("div", { class: "field" }, h("label", { for: "reason" },
      isReasonNeeded ? "Reason, for the audit trail" : "Reason, for the audit trail (if you like)"), reason),
    h("p", { class: "buttons" }, h("button", { value: "no", formnovalidate: true, type: "button" }, "Cancel"),
      h("button", { value: "yes", class: "main" }, yes))));
  dialog.querySelector('[value="no"]').addEventListener("click", () => dialog.close("no"));
  const answer = answerOf(dialog);
  reason.focus();
  return await answer ? reason.value.trim() : null;
}
