// Rules, surfaces and experiments: which there are, and a form to make, change and remove them. They hold from then on.

import { ask } from "../shop/ask.js";
import { button, h, heading, link, setChildren } from "../shop/dom.js";
import { sayBeside, textField } from "./fields.js";
import { Poll } from "./poll.js";
import { documentInWords, documentOf, documents, typedOf, unknownIn } from "./recs_documents.js";

class Documents {
  #kind;
  #how;
  #name;
  #fields;
  #list = h("ul", { class: "audit" });
  #form;
  #context;
  #kept = {}; // members that no field shows
  #isThere = true;

  constructor(kind, context) {
    this.#kind = kind;
    this.#how = documents[kind];
    this.#context = context;
    this.#name = textField({ name: `${kind}-name`, label: "Name", required: true, help: "As you call it." });
    this.#fields = this.#how.fields.map(({ name, ...how }) => {
      const field = textField({ ...how, name: `${kind}-${name}` });
      field.member = name;
      return field;
    });
    this.#form = h("form", { novalidate: true, onsubmit: (event) => { event.preventDefault(); this.#save(); } },
      h("h3", {}, `Make or change a${this.#how.one === "experiment" ? "n" : ""} ${this.#how.one}`),
      h("div", { class: "fields columns" }, [this.#name, ...this.#fields].map((field) => field.root)),
      h("p", { class: "buttons" }, h("button", { class: "main" }, "Save")));
    this.root = h("section", { class: "panel", "aria-label": this.#how.title, hidden: true },
      h("h2", {}, this.#how.title), this.#list, h("details", {}, h("summary", {}, "A form for one"), this.#form));
  }

  async look() {
    if (!this.#isThere) return;
    try {
      const found = await this.#context.server.list(`/recs/${this.#kind}`, "documents");
      setChildren(this.#list, found, () => (found.length > 0 ? found.map((each) => this.#row(each)) :
        h("li", { class: "quiet" }, "There is none.")));
      this.root.hidden = false;
    } catch (refusal) {
      if (refusal.status !== 404) throw refusal;
      this.#isThere = false; // a server that knows no such thing
    }
  }

  #row({ name, document }) {
    return h("li", {}, h("p", {}, h("strong", {}, name)), h("p", { class: "quiet" }, documentInWords(document)),
      h("p", { class: "buttons" }, button("Change", () => this.#fill(name, document), "small"),
        button("Remove …", () => this.#remove(name), "small")));
  }

  #fill(name, document) {
    const typed = typedOf(this.#how.fields, document);
    this.#kept = Object.fromEntries(unknownIn(this.#how.fields, document).map((member) => [member, document[member]]));
    this.#name.control.value = name;
    for (const field of this.#fields) field.control.value = typed[field.member];
    this.#form.parentElement.open = true;
    this.#name.control.focus();
  }

  async #save() {
    const name = this.#name.read();
    if (!name) {
      this.#name.say("is missing");
      return this.#name.control.focus();
    }
    const typed = Object.fromEntries(this.#fields.map((field) => [field.member, field.control.value]));
    const document = { ...this.#kept, ...documentOf(this.#how.fields, typed) };
    try {
      await this.#context.server.change("PUT", this.#path(name), { body: document });
    } catch (refusal) {
      if (refusal.name !== "Refusal") throw refusal;
      const named = this.#fields.map((field) => ({ name: field.member, say: (words) => field.say(words),
        control: field.control }));
      if (refusal.status !== 400 || !sayBeside(refusal.message, named)) this.#context.tell(refusal.message, "bad");
      return;
    }
    this.#context.tell(`The ${this.#how.one} ${name} holds from now on.`, "good");
    this.#kept = {};
    this.#form.reset();
    await this.look();
  }

  async #remove(name) {
    if (!await ask(`Remove the ${this.#how.one} ${name}?`, "From then on it holds no more.", "Remove", "Keep")) return;
    await this.#context.act(async () => {
      await this.#context.server.change("DELETE", this.#path(name));
      await this.look();
    }, `The ${this.#how.one} ${name} is gone.`);
  }

  #path(name) {
    return `/recs/${this.#kind}/${encodeURIComponent(name)}`;
  }
}

export class RecsRulesPage {
  title = "Rules and surfaces";
  #poll;

  constructor(context) {
    const parts = Object.keys(documents).map((kind) => new Documents(kind, context));
    const back = h("p", { class: "buttons" }, link("Recommendations", "/operator/recs", "button"));
    this.root = h("div", { class: "stack recs" }, h("div", { class: "title-line" }, heading(this.title), back),
      parts.map((part) => part.root));
    this.#poll = new Poll(15, () => Promise.all(parts.map((part) => part.look())));
  }

  stop() {
    this.#poll.stop();
  }
}
