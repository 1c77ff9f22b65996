// What an operator can say of recommendations: the fields of a rule, a surface and an experiment, by their names in the
// API, and how what is typed becomes a document.

const texts = (text) => text.split(",").map((each) => each.trim()).filter(Boolean);

// How a kind of field is read from what is typed, and written where it is changed. What can't be understood is sent as
// it is, so that the server says what it needs.
const kinds = {
  text: { read: (text) => text, write: String },
  number: { read: (text) => (isNaN(Number(text)) ? text : Number(text)), write: String },
  list: { read: texts, write: (list) => list.join(", ") },
  boolean: { read: (text) => ({ yes: true, no: false })[text] ?? text, write: (is) => (is ? "yes" : "no") },
  json: { read: parsed, write: (value) => JSON.stringify(value, null, 1) },
};

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const when = [
  { name: "starts_at", label: "From", help: "As 2026-11-27T00:00:00Z. Empty: from now on." },
  { name: "ends_at", label: "Until", help: "Empty: until it is removed." },
];

export const documents = {
  rules: { one: "rule", title: "Rules", fields: [
    { name: "action", label: "Action", placeholder: "boost", help: "exclude, boost, bury, pin; cap and promote where " +
      "the server knows them." },
    { name: "filter", label: "Filter", placeholder: "brand = \"Norvik\"", help: "Which items. Of pin: none." },
    { name: "factor", label: "Factor", kind: "number", help: "Of boost and bury: what a score is multiplied with, or " +
      "divided by." },
    { name: "items", label: "Items", kind: "list", help: "Of pin and promote, with commas between them." },
    { name: "surfaces", label: "Surfaces", kind: "list", help: "Where it holds. Empty: everywhere." },
    { name: "by", label: "Of each", help: "Of cap: brand or category." },
    { name: "most", label: "At most", kind: "number", help: "Of cap." },
    { name: "loosen", label: "Loosen", kind: "boolean", help: "Of cap, yes or no: fill up where too few are left." },
    { name: "position", label: "Position", kind: "number", help: "Of promote, from 1." },
    { name: "share", label: "Share", kind: "number", help: "Of promote: of the positions, up to 1." },
    { name: "set", label: "Set", help: "It holds for variants of experiments that name it. Empty: always." },
    ...when] },
  surfaces: { one: "surface", title: "Surfaces", fields: [
    { name: "filter", label: "Filter", placeholder: "in_stock and price < 100", help: "What it may show." },
    { name: "n", label: "How many", kind: "number", help: "Where a question does not say." },
    { name: "lambda", label: "Lambda", kind: "number", help: "Below 1: more of different kinds." },
    { name: "explore", label: "Explore", kind: "number", help: "In which share of answers the last items are drawn." },
    { name: "explore_positions", label: "Positions that are drawn", kind: "number" },
    { name: "explore_pool", label: "Among how many", kind: "number" }] },
  experiments: { one: "experiment", title: "Experiments", fields: [
    { name: "kind", label: "Kind", placeholder: "ab", help: "ab, interleave or holdout." },
    { name: "metric", label: "Metric", placeholder: "clicks", help: "clicks or purchases." },
    { name: "surfaces", label: "Surfaces", kind: "list", help: "Where it holds. Empty: everywhere." },
    { name: "variants", label: "Variants", kind: "json", lines: 6,
      placeholder: "[{\"name\": \"usual\"}, {\"name\": \"varied\", \"lambda\": 0.7}]",
      help: "As JSON. The first is what the others are compared with." },
    ...when] },
};

// Of what is typed, by the fields' names; what is empty is left out.
export function documentOf(fields, typed) {
  const entries = fields.map(({ name, kind = "text" }) => [name, kinds[kind], (typed[name] ?? "").trim()]);
  return Object.fromEntries(entries.filter(([, , text]) => text !== "").map(([name, kind, text]) =>
    [name, kind.read(text)]));
}

// What stands in the fields where a document is changed.
export function typedOf(fields, document) {
  return Object.fromEntries(fields.map(({ name, kind = "text" }) =>
    [name, document[name] === undefined || document[name] === null ? "" : kinds[kind].write(document[name])]));
}

// Members that no field shows, which would be lost.
export function unknownIn(fields, document) {
  return Object.keys(document).filter((name) => !fields.some((field) => field.name === name));
}

// In a line: "boost, filter: brand = "Norvik", factor: 2".
export function documentInWords(document) {
  return Object.entries(document).map(([name, value]) =>
    `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`).join(", ") || "as it comes";
}
