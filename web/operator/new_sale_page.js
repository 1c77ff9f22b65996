// A form that makes a sale: every question with a sentence, every "no" of the server beside the field that it is about.

import { h, heading, link, setShown, setText } from "../shop/dom.js";
import { money } from "../shop/words.js";
import { Field, numberField, sayBeside, textField, timeField } from "./fields.js";
import { Choice } from "./choice.js";
import { amountOf } from "./numbers.js";

const queues = [
  ["draw", "A draw", "Whoever joins before the opening gets a place by lot, which anybody can check: coming early " +
    "makes no difference."],
  ["fifo", "A line", "Everybody gets a place by their arrival, and a turn when a unit is there."],
  ["none", "No line", "Whoever is quickest reserves at once. Best for few customers at a time."],
  ["pass", "A safety net", "Nothing is sold: the room stands before a site, lets in as many as there is room for, " +
    "and lines up the rest. Units are visitors inside at once."],
];

// What will be saved stands below what is typed.
function priceField() {
  const amount = h("input", { type: "text", inputmode: "decimal", autocomplete: "off", placeholder: "499.00" });
  const currency = h("input", { type: "text", autocomplete: "off", maxlength: "3", placeholder: "USD",
    "aria-label": "Currency" });
  const code = () => currency.value.trim().toUpperCase();
  const typed = () => amountOf(amount.value, code());
  const field = new Field({ name: "price", label: "Price", control: amount,
    read: () => (amount.value.trim() || code() ? { amount: typed().minor ?? null, currency: code() } : undefined),
    question: () => typed().question ?? "",
    help: "The amount and three letters of the currency. Empty: no price is shown." });
  const saved = h("p", { class: "saved", role: "status" });
  const show = () => {
    field.say("");
    const { minor, question } = typed();
    setText(saved, minor === undefined ? question ?? "" : `will be ${money({ amount: minor, currency: code() })}`);
  };
  for (const input of [amount, currency]) input.addEventListener("input", show);
  const both = h("div", { class: "price-inputs" });
  amount.replaceWith(both);
  both.append(amount, currency);
  both.after(saved);
  return field;
}

function whatFields() {
  return [
    textField({ name: "title", label: "What is on sale", required: true, placeholder: "Game console, launch edition" }),
    textField({ name: "id", label: "Short name for addresses", placeholder: "console-launch",
      help: "a-z, 0-9 and hyphens. Empty: made from the title. It can't be changed later." }),
    numberField({ name: "units", label: "Units", required: true, help: "How many may be sold; more can come later." }),
    numberField({ name: "per_customer", label: "For each customer", value: "1" }),
    priceField(),
    textField({ name: "item.sku", label: "SKU" }),
    textField({ name: "item.image_url", label: "Picture", placeholder: "https://…" }),
    textField({ name: "item.description", label: "Description", lines: 3 }),
  ];
}

function whenFields() {
  const inAnHour = Math.ceil((Date.now() + 3_600_000) / 300_000) * 300_000;
  return [
    timeField({ name: "opens_at", label: "Opens", value: inAnHour, required: true,
      help: "A moment that is over opens it at once." }),
    timeField({ name: "prequeue_opens_at", label: "People may join from", help: "Empty: at once." }),
    timeField({ name: "closes_at", label: "Closes", help: "Empty: when you close it." }),
  ];
}

function beaconFields() {
  return [
    textField({ name: "beacon.source", label: "Beacon", placeholder: "drand-quicknet",
      help: "Empty: the places are drawn at the opening. Named, they wait for a number that nobody can know when the " +
        "list is closed, not even you." }),
    numberField({ name: "beacon.round", label: "Its round", help: "The number of a round that is to come." }),
    timeField({ name: "beacon.published_at", label: "Public at", step: "1", help: "When the world learns that round. " +
      "A minute after the opening is good: the doors must be open before, or the sale closes." }),
  ];
}

function paceFields() {
  return [
    numberField({ name: "outflow_per_minute", label: "Offers a minute", placeholder: "no limit",
      help: "As many as your checkout can take. Empty: as fast as units are there. You can change it while it runs." }),
    numberField({ name: "claim_seconds", label: "Seconds to take an offer", value: "60" }),
    numberField({ name: "hold_seconds", label: "Seconds to pay for a reserved unit", value: "300" }),
    numberField({ name: "payment_grace_seconds", label: "Seconds more while a payment is under way", value: "120" }),
  ];
}

function codesField(how) {
  const control = h("input", { type: "text", autocomplete: "off", placeholder: "DE, AT, CH" });
  const codes = () => control.value.toUpperCase().split(/[\s,]+/).filter(Boolean);
  return new Field({ ...how, control, read: () => codes().length > 0 ? codes() : undefined });
}

function countryFields() {
  return [
    codesField({ name: "allowed_countries", label: "Only from these countries",
      help: "Codes of two letters; ZZ: where nobody knows. Empty: from everywhere." }),
    codesField({ name: "denied_countries", label: "Not from these countries", help: "The same; one of the two." }),
  ];
}

function nested(values) {
  const body = {};
  for (const [name, value] of values) {
    const [first, second] = name.split(".");
    if (second) body[first] = { ...body[first], [second]: value };
    else body[first] = value;
  }
  return body;
}

export class NewSalePage {
  title = "New sale";
  #queue = new Choice({ name: "queue", legend: "Who comes first", choices: queues, value: "draw" });
  #guests = h("input", { type: "checkbox", id: "field-guests" });
  #what = whatFields();
  #when = whenFields();
  #beacon = beaconFields();
  #pace = paceFields();
  #countries = countryFields();
  #review = h("input", { type: "checkbox", id: "field-review" });
  #reason = textField({ name: "reason", label: "Note for the audit trail", placeholder: "why, or who asked for it" });
  #trouble = h("p", { class: "note bad", role: "alert", hidden: true });
  #context;

  constructor(context) {
    this.#context = context;
    const group = (legend, ...rows) => h("fieldset", { class: "stage" }, h("legend", {}, legend), ...rows);
    const fields = (list) => h("div", { class: "fields columns" }, list.map((field) => field.root));
    const beacon = h("div", {}, h("p", { class: "quiet" }, "A public source of chance, so that not even whoever runs ",
      "this server could foresee the places:"), fields(this.#beacon));
    this.#queue.root.addEventListener("change", () => setShown(beacon, this.#isDraw));
    const guests = h("label", { class: "tick" }, this.#guests, h("span", {}, "Guests are welcome",
      h("small", {}, "Customers without a token of the shop may take part, known again by a cookie only.")));
    const looks = h("label", { class: "tick" }, this.#review, h("span", {}, "Look at the queue before the first turn",
      h("small", {}, "At the opening, or behind the draw, the sale pauses by itself: take out whom you do not want, ",
        "and resume. With a draw or a line only.")));
    this.root = h("div", { class: "form-page" }, heading("New sale"), h("form", { novalidate: true,
      onsubmit: (event) => this.#submit(event) },
      group("The item", fields(this.#what)), group("Who comes first", this.#queue.root, beacon, guests, looks,
        fields(this.#countries)),
      group("When", fields(this.#when)), group("How fast", fields(this.#pace)), group("Why", this.#reason.root),
      this.#trouble, h("p", { class: "buttons" }, h("button", { class: "main", value: "publish" }, "Schedule it"),
        h("button", { value: "draft" }, "Save as a draft"), link("Cancel", "/operator", "button quiet-button"))));
  }

  get #isDraw() {
    return this.#queue.read() === "draw";
  }

  get #fields() {
    const beacon = this.#isDraw ? this.#beacon : [];
    return [...this.#what, this.#queue, ...beacon, ...this.#countries, ...this.#when, ...this.#pace, this.#reason];
  }

  #body(draft) {
    const values = this.#fields.map((field) => [field.name, field.read()]).filter(([, value]) => value !== undefined);
    return { ...nested(values), guests: this.#guests.checked, review: this.#review.checked, draft };
  }

  async #submit(event) {
    event.preventDefault();
    this.#trouble.hidden = true;
    for (const field of this.#fields) field.say("");
    const asked = this.#fields.find((field) => field.question?.());
    if (asked) {
      asked.say(asked.question());
      return asked.control.focus();
    }
    const draft = event.submitter?.value === "draft";
    try {
      const sale = await this.#context.server.act("POST", "/sales", this.#body(draft));
      this.#context.go(`/operator/s/${sale.id}`);
    } catch (refusal) {
      if (refusal.name !== "Refusal") throw refusal;
      this.#showRefusal(refusal);
    }
  }

  #showRefusal(refusal) {
    const about = { "id-taken": "/id: A sale has this id. ",
      "beacon-passed": "/beacon/published_at: " }[refusal.slug] ?? "";
    const isSaid = sayBeside(about + refusal.message, this.#fields);
    this.#trouble.textContent = isSaid ? "" : refusal.message;
    this.#trouble.hidden = isSaid;
  }

  stop() {}
}
