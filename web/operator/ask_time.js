// "From when on?" Escape means no, and the focus goes back.

import { answerOf } from "../shop/ask.js";
import { h } from "../shop/dom.js";
import { timeField } from "./fields.js";

// RFC 3339, or null for no.
export async function askTime({ question, text, label, yes }) {
  const time = timeField({ name: "from", label, value: Date.now() - 3_600_000, required: true });
  const dialog = h("dialog", { "aria-labelledby": "question" }, h("form", { method: "dialog", class: "fields" },
    h("h2", { id: "question" }, question), h("p", {}, text), time.root,
    h("p", { class: "buttons" }, h("button", { value: "no", formnovalidate: true, type: "button" }, "Cancel"),
      h("button", { value: "yes", class: "main" }, yes))));
  dialog.querySelector('[value="no"]').addEventListener("click", () => dialog.close("no"));
  const answer = answerOf(dialog);
  time.control.focus();
  return await answer ? time.read() : null;
}
