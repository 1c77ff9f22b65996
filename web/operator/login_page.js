// Logging in with an operator's key.

import { h, heading, setText } from "../shop/dom.js";

export class LoginPage {
  title = "Log in";
  #key = h("input", { id: "key", name: "key", type: "password", autocomplete: "current-password", required: true,
    spellcheck: "false", "aria-describedby": "key-help key-wrong" });
  #wrong = h("p", { id: "key-wrong", class: "wrong", role: "alert" });
  #context;

  constructor(context) {
    this.#context = context;
    const submit = (event) => {
      event.preventDefault();
      this.#logIn();
    };
    this.root = h("div", { class: "stage narrow" }, heading("Log in as an operator"),
      h("form", { class: "fields", novalidate: true, onsubmit: submit },
        h("div", { class: "field" }, h("label", { for: "key" }, "Operator key"), this.#key, this.#wrong,
          h("p", { id: "key-help", class: "quiet" }, "It begins with ", h("code", {}, "dbk_"),
            ". The first start of the server wrote one to ", h("code", {}, "operator.key"),
            " in its data folder. You stay logged in for eight hours.")),
        h("p", { class: "buttons" }, h("button", { class: "main" }, "Log in"))));
  }

  async #logIn() {
    setText(this.#wrong, "");
    try {
      await this.#context.server.logIn(this.#key.value.trim());
      this.#context.tell("");
    } catch (refusal) {
      if (refusal.name !== "Refusal") throw refusal;
      setText(this.#wrong, refusal.message);
      this.#key.setAttribute("aria-invalid", "true");
      this.#key.focus();
      this.#key.select();
    }
  }

  stop() {}
}
