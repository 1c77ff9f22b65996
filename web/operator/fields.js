// Fields of a form: a label, a control, a sentence of help, and the place where the server's words appear when it is
// wrong.

import { h, setText } from "../shop/dom.js";
import { wholeNumber } from "./numbers.js";

// A field knows its name in the API and how to read its control: nothing typed is `undefined`, which is not sent; what
// cannot be understood is sent as it is, so that the server says what it needs. What can be understood in two ways is a
// question, in words: then nothing is sent.
export class Field {
  #wrong;

  constructor({ name, label, control, help = "", read, question = () => "" }) {
    this.name = name;
    this.label = label;
    this.control = control;
    this.read = read;
    this.question = question;
    control.id = `field-${name}`;
    this.#wrong = h("p", { id: `${control.id}-wrong`, class: "wrong" });
    const helped = h("p", { id: `${control.id}-help`, class: "quiet" }, help);
    control.setAttribute("aria-describedby", `${control.id}-wrong ${control.id}-help`);
    this.root = h("div", { class: "field" }, h("label", { for: control.id }, label), control, this.#wrong, helped);
    control.addEventListener("input", () => this.say(""));
  }

  say(wrong) {
    setText(this.#wrong, wrong);
    if (wrong) this.control.setAttribute("aria-invalid", "true");
    else this.control.removeAttribute("aria-invalid");
  }
}

export function textField({ lines = 1, value = "", required = false, placeholder, ...how }) {
  const more = { required, placeholder, autocomplete: "off" };
  const control = lines > 1 ? h("textarea", { rows: String(lines), ...more }) : h("input", { type: "text", ...more });
  control.value = value;
  return new Field({ ...how, control, read: () => control.value.trim() || undefined });
}

export function numberField({ value = "", required = false, placeholder, ...how }) {
  const control = h("input", { type: "text", inputmode: "numeric", required, placeholder, autocomplete: "off" });
  control.value = value;
  return new Field({ ...how, control, read: () => wholeNumber(control.value) });
}

const two = (number) => String(number).padStart(2, "0");

export function localInput(moment) {
  const at = new Date(moment);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

// A moment in the operator's own time, shown in UTC, too.
export function timeField({ value = null, required = false, help = "", step, ...how }) {
  const control = h("input", { type: "datetime-local", required, step });
  if (value !== null) control.value = localInput(value);
  const field = new Field({ ...how, control, help, read: () => {
    const at = new Date(control.value);
    return control.value === "" ? undefined : isNaN(at) ? control.value : at.toISOString();
  } });
  const inUtc = h("p", { class: "utc" });
  const show = () => {
    const at = new Date(control.value);
    setText(inUtc, isNaN(at) ? `in ${zone()} time` :
      `in ${zone()} time; ${at.toISOString().slice(0, step ? 19 : 16).replace("T", " ")} UTC`);
  };
  control.addEventListener("input", show);
  control.after(inUtc);
  show();
  return field;
}

// "/units: 0 is too small: a sale needs ..." belongs to units; "closes_at has to be later than opens_at" to the first
// field that it names; what names none, to nobody.
export function placeOf(words, fields) {
  const pointed = /^\/([\w/]+): (.*)$/s.exec(words);
  if (pointed) {
    const plain = pointed[2].replace(/, but is an? \w+$/, ""); // whoever types knows no types
    const path = pointed[1].replaceAll("/", ".");
    const isIn = (part, whole) => part === whole || part.startsWith(`${whole}.`);
    const field = fields.find(({ name }) => isIn(path, name) || isIn(name, path));
    return { field, words: field ? plain : words };
  }
  const mentioned = fields.map((field) => ({ field, at: words.search(new RegExp(`\\b${field.name}\\b`)) }));
  return { field: mentioned.filter(({ at }) => at >= 0).sort((a, b) => a.at - b.at)[0]?.field, words };
}

// Shows the server's words beside the field that they are about, which gets the focus. Whether there is one.
export function sayBeside(words, fields) {
  const { field, words: shown } = placeOf(words, fields);
  if (!field) return false;
  field.say(shown);
  field.control.focus();
  return true;
}
