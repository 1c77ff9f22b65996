// The orders of one sale: found by the shop's reference, by state and by time, a page at a time, each with all that is
// known of it. What is attached to an order may be a guest's words, so it is only ever shown as text.

import { button, h, heading, link, setText } from "../shop/dom.js";
import { count, moment } from "../shop/words.js";
import { timeField } from "./fields.js";

const ordersAPage = 25;
const orderStates = ["paying", "sold", "held", "expired", "released"];

function orderFacts(order) {
  const lines = [["Order", order.id], ["Hold", order.hold], ["Customer (hash)", order.customer],
    ["Customer (the shop’s id)", order.customer_id], ["Reference", order.client_reference],
    ...Object.entries(order.metadata ?? {}).map(([name, words]) => [`Metadata: ${name}`, words]),
    ["State", order.state], ["Refund", order.refund], ["Payments", count(order.attempts)],
    ["Started", moment(order.started_at)], ["Settled", order.settled_at && moment(order.settled_at)],
    ["The provider’s payment", order.reference]];
  return lines.filter(([, words]) => words !== null && words !== "");
}

export class OrdersPage {
  title = "Orders";
  #heading = heading("Orders");
  #reference = h("input", { id: "reference", type: "text", autocomplete: "off", spellcheck: "false" });
  #state = h("select", { id: "state" }, h("option", { value: "" }, "any"),
    orderStates.map((state) => h("option", { value: state }, state)));
  #from = timeField({ name: "from", label: "Started from", required: false });
  #to = timeField({ name: "to", label: "Started before", required: false });
  #summary = h("p", { class: "quiet", role: "status" });
  #rows = h("tbody", {});
  #table = h("div", { class: "rows", hidden: true, tabindex: "0", role: "region", "aria-label": "Orders" },
    h("table", {}, h("thead", {}, h("tr", {}, ["Reference", "Customer", "State", "Started",
      h("span", { class: "unseen" }, "Details")].map((name) => h("th", { scope: "col" }, name)))), this.#rows));
  #earlier = button("Earlier", () => this.#turn(this.#earlier, -ordersAPage), "small");
  #later = button("Later", () => this.#turn(this.#later, ordersAPage), "small");
  #pages = h("p", { class: "buttons", hidden: true }, this.#earlier, this.#later);
  #offset = 0;
  #filter = new URLSearchParams();
  #context;

  constructor(context, id) {
    this.#context = context;
    this.id = id;
    const field = (name, words, control) => h("div", { class: "field" }, h("label", { for: name }, words), control);
    const search = (event) => {
      event.preventDefault();
      this.#search();
    };
    const form = h("form", { class: "fields", onsubmit: search }, h("div", { class: "fields columns" },
      field("reference", "Reference", this.#reference), field("state", "State", this.#state),
      this.#from.root, this.#to.root), h("p", { class: "buttons" }, h("button", { class: "main" }, "Find")));
    const csv = `/api/v1/sales/${encodeURIComponent(id)}/orders.csv`;
    const title = h("div", { class: "title-line" }, h("div", {}, h("p", { class: "card-line" },
      link(`Board of ${id}`, `/operator/s/${encodeURIComponent(id)}`)), this.#heading),
    h("a", { href: csv, download: true, class: "button" }, "All of them (CSV)"));
    this.root = h("div", { class: "stack orders" }, title,
      h("section", { class: "panel" }, form, this.#summary, this.#pages, this.#table));
    this.#look();
  }

  #search() {
    this.#filter = new URLSearchParams();
    const asked = { client_reference: this.#reference.value.trim(), state: this.#state.value, from: this.#from.read(),
      to: this.#to.read() };
    for (const [name, value] of Object.entries(asked)) if (value) this.#filter.set(name, value);
    this.#offset = 0;
    this.#look();
  }

  #turn(button, by) {
    if (button.getAttribute("aria-disabled") === "true") return;
    this.#offset = Math.max(0, this.#offset + by);
    this.#look();
    this.#heading.focus();
  }

  #look() {
    const asked = new URLSearchParams(this.#filter);
    asked.set("offset", this.#offset);
    asked.set("limit", ordersAPage);
    const path = `/sales/${encodeURIComponent(this.id)}/orders?${asked}`;
    return this.#context.act(async () => this.#show(await this.#context.server.get(path)));
  }

  #show({ total, orders }) {
    const isAll = this.#filter.size === 0;
    const none = isAll ? "Nobody has begun to pay yet." : "There is no such order.";
    setText(this.#summary, total === 0 ? none :
      `${count(this.#offset + 1)} to ${count(this.#offset + orders.length)} of ${count(total)}`);
    this.#table.hidden = orders.length === 0;
    this.#rows.replaceChildren(...orders.flatMap((order) => this.#rowsOf(order)));
    this.#earlier.setAttribute("aria-disabled", String(this.#offset === 0));
    this.#later.setAttribute("aria-disabled", String(this.#offset + orders.length >= total));
    this.#pages.hidden = total <= ordersAPage;
  }

  // One line, and, once it is asked for, all that is known.
  #rowsOf(order) {
    const name = order.client_reference ?? order.id;
    const list = h("dl", { class: "facts" }, orderFacts(order).map(([word, words]) =>
      h("div", {}, h("dt", {}, word), h("dd", { class: "mono" }, words))));
    const more = h("tr", { hidden: true, id: `more-${order.id}` }, h("td", { colspan: "5" }, list));
    const details = button("Details", () => {
      more.hidden = !more.hidden;
      details.setAttribute("aria-expanded", String(!more.hidden));
    }, "small");
    details.setAttribute("aria-label", `Details of ${name}`);
    details.setAttribute("aria-expanded", "false");
    details.setAttribute("aria-controls", more.id);
    const who = order.customer_id ?? order.customer.slice(0, 8);
    const state = order.refund === "none" ? order.state : `${order.state}, refund ${order.refund}`;
    return [h("tr", {}, h("th", { scope: "row" }, order.client_reference ?? h("span", { class: "quiet" }, "none")),
      h("td", { class: "mono", title: order.customer }, who), h("td", {}, state),
      h("td", {}, h("time", { datetime: order.started_at }, moment(order.started_at))), h("td", {}, details)), more];
  }

  stop() {}
}
