// The form of a short link, a new one's and one's that is there: every "no" of the server stands beside the field that
// it is about, and what was typed stays.

import { h, link, setText } from "../shop/dom.js";
import { sayBeside } from "./fields.js";
import { aliasField, domainField, linkFieldGroups } from "./link_fields.js";

const slugs = { "alias-taken": "/custom_alias: " };

export class LinkForm {
  #groups = linkFieldGroups();
  #named = []; // fields of what is said once, of a link that is not there yet
  #before = null; // the link that is changed
  #trouble = h("p", { class: "note bad", role: "alert", hidden: true });

  // `save()` asks the server, and may throw what it refuses; `back` is where Cancel leads.
  constructor({ isNew = false, yes, back, save }) {
    const parts = this.#groups.map(([legend, parts]) => [legend, parts.map(({ field }) => field)]);
    if (isNew) {
      this.#named = [aliasField(), domainField()];
      parts[0][1].splice(1, 0, ...this.#named);
    }
    const group = ([legend, fields]) => h("fieldset", { class: "stage" }, h("legend", {}, legend),
      h("div", { class: "fields columns" }, fields.map((field) => field.root)));
    this.root = h("form", { novalidate: true, onsubmit: (event) => this.#submit(event, save) }, parts.map(group),
      this.#trouble, h("p", { class: "buttons" }, h("button", { class: "main" }, yes),
        link("Cancel", back, "button quiet-button")));
  }

  get #parts() {
    return this.#groups.flatMap(([, parts]) => parts);
  }

  get #fields() {
    return [...this.#parts.map(({ field }) => field), ...this.#named];
  }

  // All that is typed.
  body() {
    return Object.fromEntries(this.#fields.map((field) => [field.name, field.read()])
      .filter(([, value]) => value !== undefined));
  }

  // Only what is another than it was.
  changes() {
    const changed = this.#parts.filter((part) => part.field.control.value !== part.shown(this.#before));
    return Object.fromEntries(changed.map(({ field, emptied }) => [field.name, field.read() ?? emptied]));
  }

  fill(known) {
    this.#before = known;
    for (const part of this.#parts) this.#put(part, part.shown(known));
  }

  // Somebody else has made `theirs` of the link. What was not typed over shows theirs from now on. Answers what they
  // changed: { label, before, theirs, take } each, with `take()` where something else is typed, to have theirs instead.
  merge(theirs) {
    const before = this.#before;
    this.#before = theirs;
    return this.#parts.filter((part) => part.shown(before) !== part.shown(theirs)).map((part) => {
      const isTyped = part.field.control.value !== part.shown(before);
      const take = () => this.#put(part, part.shown(theirs));
      if (!isTyped) take();
      const isAnother = part.field.control.value !== part.shown(theirs);
      return { label: part.field.label, before: part.shown(before), theirs: part.shown(theirs),
        take: isAnother ? take : null };
    });
  }

  #put({ field: { control } }, text) {
    control.value = text;
    control.dispatchEvent(new Event("input"));
  }

  async #submit(event, save) {
    event.preventDefault();
    const { submitter } = event;
    if (submitter?.getAttribute("aria-disabled") === "true") return; // it is under way
    this.#trouble.hidden = true;
    for (const field of this.#fields) field.say("");
    submitter?.setAttribute("aria-disabled", "true");
    try {
      await save();
    } catch (refusal) {
      if (refusal.name !== "Refusal") throw refusal;
      this.#showRefusal(refusal);
    } finally {
      submitter?.removeAttribute("aria-disabled");
    }
  }

  #showRefusal(refusal) {
    const isSaid = sayBeside((slugs[refusal.slug] ?? "") + refusal.message, this.#fields);
    setText(this.#trouble, isSaid ? "" : refusal.message);
    this.#trouble.hidden = isSaid;
  }
}
