// Recommendations of any item, user or visit side by side, as the shop's pages get them.

import { h, setChildren } from "../shop/dom.js";
import { numberField, sayBeside, textField } from "./fields.js";
import { RecsList } from "./recs_list.js";

// What is asked for an item, a user and a session: [title, path] each. Of nobody: what there is for everybody.
export function questionsOf({ item, user, session, ...more }) {
  const asked = (path, who = {}) => {
    const given = Object.entries({ ...who, ...more }).filter(([, value]) => value !== undefined);
    return `/recs${path}?${new URLSearchParams(given)}`;
  };
  const whoever = user || session ? { user, session } : {};
  const ofItem = item ? encodeURIComponent(item) : null;
  const all = [
    ...(item ? [["Bought together", asked(`/items/${ofItem}/also-bought`, whoever)],
      ["Looked at together", asked(`/items/${ofItem}/also-viewed`, whoever)],
      ["Similar", asked(`/items/${ofItem}/similar`, whoever)]] : []),
    ...(user ? [["For the user", asked("/recommendations", { user })]] : []),
    ...(session ? [["For the visit", asked("/recommendations", { session })]] : []),
  ];
  return all.length > 0 ? all : [["Trending in 24 hours", asked("/trending")], ["Popular", asked("/popular")],
    ["For somebody new", asked("/recommendations")]];
}

export class RecsAsk {
  #fields = {
    item: textField({ name: "item", label: "Item", placeholder: "tent-29", help: "What goes with it." }),
    user: textField({ name: "user", label: "User", help: "What is for them, by all they did." }),
    session: textField({ name: "session", label: "Visit", help: "What is for them, by this visit." }),
    surface: textField({ name: "surface", label: "Surface", placeholder: "home", help: "Whose rules hold." }),
    filter: textField({ name: "filter", label: "Filter", placeholder: "price < 100", help: "What may be in it." }),
    n: numberField({ name: "n", label: "How many", value: "6" }),
  };
  #lists = h("div", { class: "answers" });
  #server;
  #asked = 0;

  constructor(server) {
    this.#server = server;
    const show = (event) => {
      event.preventDefault();
      this.show();
    };
    const form = h("form", { novalidate: true, onsubmit: show }, h("h2", {}, "What is recommended"),
      h("div", { class: "fields columns" }, Object.values(this.#fields).map((field) => field.root)),
      h("p", { class: "buttons" }, h("button", { class: "main" }, "Show")));
    this.root = h("div", { class: "stack" }, h("section", { class: "panel" }, form), this.#lists);
  }

  show() {
    const asked = ++this.#asked;
    const read = Object.fromEntries(Object.entries(this.#fields).map(([name, field]) => [name, field.read()]));
    for (const field of Object.values(this.#fields)) field.say("");
    const questions = questionsOf(read);
    const lists = questions.map(([title]) => new RecsList(title, this.#server, (item) => this.#about(item)));
    setChildren(this.#lists, [asked], () => lists.map((list) => list.root));
    questions.forEach(([, path], at) => this.#server.get(path).then((answer) => lists[at].show(answer),
      (refusal) => this.#refused(refusal, lists[at])));
  }

  #about(item) {
    this.#fields.item.control.value = item;
    this.show();
    this.#fields.item.control.focus();
  }

  #refused(refusal, list) {
    if (refusal.name !== "Refusal") throw refusal;
    list.fail(refusal.message);
    if (refusal.status === 400) sayBeside(refusal.message, Object.values(this.#fields));
  }
}
