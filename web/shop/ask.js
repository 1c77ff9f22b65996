// A question before something is lost. The dialog keeps the focus, Escape means no, and the focus goes back after it.

import { h } from "./dom.js";

// Whether the answer is yes.
export function answerOf(dialog) {
  document.body.append(dialog);
  return new Promise((answer) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "yes");
    });
    dialog.showModal();
  });
}

export function ask(question, text, yes, no) {
  const choice = (words, value, look) => h("button", { value, class: look }, words);
  return answerOf(h("dialog", { "aria-labelledby": "question" },
    h("form", { method: "dialog" }, h("h2", { id: "question" }, question), h("p", {}, text),
      h("p", { class: "buttons" }, choice(no, "no", ""), choice(yes, "yes", "main")))));
}
