// The links of a sale, and what each has brought: clicks, joins, units. And one more of them.

import { channelColumns, channelRows, channelsInWords } from "../report/channels.js";
import { button, h, link, setChildren, setText } from "../shop/dom.js";
import { sayBeside, textField } from "./fields.js";
import { nameOfLink, pathOfLink } from "./link_words.js";

export class BoardChannels {
  #context;
  #path;
  #known = null;
  #rows = h("tbody", {});
  #cells = new Map(); // what changes, by code
  #table = h("div", { class: "rows", tabindex: "0", role: "region", "aria-label": "Links of this sale" },
    h("table", {}, h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Link"),
      ...channelColumns.map(([title]) => h("th", { scope: "col" }, title)))), this.#rows));
  #about = h("p", { class: "quiet" });
  #title = textField({ name: "title", label: "Channel", placeholder: "Newsletter", required: true,
    help: "What this board calls it." });
  #alias = textField({ name: "custom_alias", label: "Alias", placeholder: "launch-news",
    help: "What stands behind the slash. Empty: the server makes one up." });

  constructor(context, sale) {
    this.#context = context;
    this.#path = `/sales/${encodeURIComponent(sale)}/links`;
    const form = h("form", { novalidate: true, onsubmit: (event) => { event.preventDefault(); this.#make(); } },
      h("div", { class: "fields columns" }, this.#title.root, this.#alias.root),
      h("p", { class: "buttons" }, h("button", { class: "main" }, "Make a link")));
    this.root = h("section", { class: "panel channels", hidden: true }, h("h2", {}, "Where people come from"),
      this.#table, this.#about, h("details", {}, h("summary", {}, "A new link"), form));
  }

  // A server without short links has nothing to show here.
  async look() {
    let known;
    try {
      known = await this.#context.server.get(this.#path);
    } catch (refusal) {
      if (refusal.status === 404) this.root.hidden = true;
      throw refusal;
    }
    this.root.hidden = false;
    this.#known = known;
    this.#show();
  }

  #show() {
    const rows = channelRows(this.#known);
    this.#table.hidden = rows.length === 0;
    setChildren(this.#rows, rows.map(({ short_code, title }) => [short_code, title]), () =>
      rows.map((row) => this.#row(row)));
    for (const row of rows) {
      channelColumns.forEach(([, words], at) => setText(this.#cells.get(row.short_code)[at], words(row)));
    }
    setText(this.#about, this.#known.since ? channelsInWords(this.#known)
      : "A sale can have links of its own, one for each place where it is told of: here you see what each brings.");
  }

  #row(row) {
    const cells = channelColumns.map(() => h("td", {}));
    this.#cells.set(row.short_code, cells);
    const copy = () => this.#context.copy(row.short_url, row.short_url);
    const name = row.short_code
      ? [link(nameOfLink(row), pathOfLink(row.short_code)), " ", button("Copy", copy, "small")] : "No link";
    return h("tr", {}, h("th", { scope: "row" }, name), ...cells);
  }

  async #make() {
    const fields = [this.#title, this.#alias];
    this.#context.tell("");
    for (const field of fields) field.say("");
    try {
      const body = { title: this.#title.read(), custom_alias: this.#alias.read() };
      const made = await this.#context.server.act("POST", this.#path, body);
      for (const field of fields) field.control.value = "";
      this.#context.tell(`${made.short_url} leads to the sale.`, "good");
    } catch (refusal) {
      if (refusal.name !== "Refusal") throw refusal;
      if (!sayBeside(refusal.message, fields)) return this.#context.tell(refusal.message, "bad");
    }
    this.look().catch(() => {});
  }
}
