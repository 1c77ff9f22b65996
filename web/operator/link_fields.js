// What may be said of a short link, as fields of a form. Each knows how a link that is there looks in it, and what is
// sent for one that was emptied.

import { h } from "../shop/dom.js";
import { count } from "../shop/words.js";
import { Field, localInput, numberField, textField, timeField } from "./fields.js";
import { rulesIn, textOfRules, textOfVariants, variantsIn } from "./rule_text.js";

const redirects = [["301", "301, permanent"], ["302", "302, temporary"],
  ["307", "307, temporary, with the request’s method"], ["308", "308, permanent, with the request’s method"]];

function tagsField(how) {
  const control = h("input", { type: "text", autocomplete: "off", placeholder: "mail, sponsors" });
  const read = () => control.value.split(",").map((tag) => tag.trim()).filter(Boolean);
  return new Field({ ...how, control, read: () => (read().length > 0 ? read() : undefined) });
}

function redirectField(how) {
  const control = h("select", {}, redirects.map(([value, words]) => h("option", { value }, words)));
  return new Field({ ...how, control, read: () => Number(control.value) });
}

// Lines of text that are a list in the API.
function linesField({ placeholder, parse, ...how }) {
  const control = h("textarea", { rows: "3", placeholder, spellcheck: "false", class: "mono" });
  const read = () => parse(control.value);
  return new Field({ ...how, control, read: () => (read().length > 0 ? read() : undefined) });
}

function choiceField({ choices, ...how }) {
  const control = h("select", {}, choices.map(([value, words]) => h("option", { value }, words)));
  return new Field({ ...how, control, read: () => control.value === "true" });
}

// Nobody is told a password: one that there is looks like this, and is replaced as a whole.
const unseen = "\u2022".repeat(8);

function passwordField(how) {
  const control = h("input", { type: "password", autocomplete: "new-password", maxlength: "256" });
  control.addEventListener("focus", () => control.select());
  return new Field({ ...how, control, read: () => control.value || undefined });
}

const timeIn = (text) => (text ? localInput(text) : "");

function whereFields() {
  return [
    { field: textField({ name: "long_url", label: "Leads to", required: true,
      placeholder: "https://shop.example/drop?from=mail", help: "An address with http or https." }),
    shown: (link) => link.long_url, emptied: "" },
    { field: textField({ name: "title", label: "Title", placeholder: "Newsletter, November",
      help: "What these pages call it. Visitors see it on its preview." }),
    shown: (link) => link.title, emptied: "" },
    { field: tagsField({ name: "tags", label: "Tags", help: "Separated by commas." }),
      shown: (link) => link.tags.join(", "), emptied: [] },
  ];
}

function howFields() {
  return [
    { field: timeField({ name: "valid_since", label: "Valid from",
      help: "Empty: at once. Before it nobody finds the link." }),
    shown: (link) => timeIn(link.valid_since), emptied: null },
    { field: timeField({ name: "expiration_date", label: "Valid until", help: "Empty: for ever." }),
      shown: (link) => timeIn(link.expires_at), emptied: null },
    { field: numberField({ name: "max_visits", label: "Visits at most", placeholder: "no limit",
      help: "Of people, to the one. Programs use up none." }),
    shown: (link) => (link.max_visits === null ? "" : count(link.max_visits)), emptied: null },
    { field: redirectField({ name: "redirect_status", label: "Redirect",
      help: "Search engines list the target of a permanent one, the short address otherwise." }),
    shown: (link) => String(link.redirect_status) },
  ];
}

function whoFields() {
  return [
    { field: linesField({ name: "rules", label: "Rules", parse: rulesIn,
      placeholder: "country: DE, AT; device: phone -> https://shop.example/de",
      help: "One a line, of device, browser, system, language, country, address, query, since and until. The first " +
        "that fits decides." }),
    shown: (link) => textOfRules(link.rules), emptied: [] },
    { field: linesField({ name: "variants", label: "Variants", parse: variantsIn,
      placeholder: "old: 70 -> https://old.example/\nnew: 30 -> https://new.example/",
      help: "Name, weight and address, one a line. Whom no rule leads are shared out among them." }),
    shown: (link) => textOfVariants(link.variants), emptied: [] },
    { field: choiceField({ name: "forward_query", label: "The visitor\u2019s query",
      choices: [["false", "is left out"], ["true", "goes on with them"]],
      help: "What stands behind the ? of the short address." }),
    shown: (link) => String(link.forward_query) },
    { field: passwordField({ name: "password", label: "Password",
      help: "Visitors have to know it. Empty: there is none." }),
    shown: (link) => (link.has_password ? unseen : ""), emptied: null },
  ];
}

// Of a link that is not there yet.
export function aliasField() {
  return textField({ name: "custom_alias", label: "Short name", placeholder: "ps5-mail",
    help: "What stands behind the slash: letters, digits, - and _. Empty: seven characters that nobody can guess. It " +
      "can’t be changed later." });
}

export function domainField() {
  return textField({ name: "domain", label: "Domain", placeholder: "brand.example",
    help: "Where there are several: the one that the link is on. Empty: the usual one. It can’t be changed later." });
}

// [legend, fields] each.
export function linkFieldGroups() {
  return [["Where it leads", whereFields()], ["For how long, and how", howFields()],
    ["Who is led where", whoFields()]];
}
