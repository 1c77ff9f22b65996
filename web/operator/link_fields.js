// What may be said of a short link, as fields of a form. Each knows how a link that is there looks in it, and what is
// sent for one that was emptied.

import { h } from "../shop/dom.js";
import { count } from "../shop/words.js";
import { Field, localInput, numberField, textField, timeField } from "./fields.js";

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

// Of a link that is not there yet.
export function aliasField() {
  return textField({ name: "custom_alias", label: "Short name", placeholder: "ps5-mail",
    help: "What stands behind the slash: letters, digits, - and _. Empty: seven characters that nobody can guess. It " +
      "can’t be changed later." });
}

// [legend, fields] each.
export function linkFieldGroups() {
  return [["Where it leads", whereFields()], ["For how long, and how", howFields()]];
}
