// Rules and variants of a short link as lines of text, for a form:
//
//   country: DE, AT; device: phone -> https://shop.example/de      a rule
//   old: 70 -> https://old.example/                                 a variant, with its weight
//
// What holds a mark of these lines (, ; : " or ->) or blanks at its ends stands in quotes, with "" for a quote.

const momentConditions = ["since", "until"]; // conditions that are one text and no list
const lineMark = /[,;:"]|->|^\s|\s$|^$/;

const quoted = (text) => (lineMark.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

// The parts between the separators that stand outside of quotes.
function splitOutside(text, separator) {
  const parts = [""];
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') isQuoted = !isQuoted;
    if (!isQuoted && text.startsWith(separator, at)) {
      parts.push("");
      at += separator.length - 1;
    } else parts[parts.length - 1] += text[at];
  }
  return parts.map((part) => part.trim());
}

const plain = (text) => (/^".*"$/s.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text);

const linesOf = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

// [before, address]: a line without an arrow is all address, which the server then says the right words about.
function arrowIn(line) {
  const [before, ...after] = splitOutside(line, "->");
  return after.length > 0 ? [before, after.join("->")] : ["", line];
}

// A moment's own colons need no quotes.
function conditionIn(text) {
  const [name, ...rest] = splitOutside(text, ":");
  if (momentConditions.includes(name)) return [name, plain(rest.join(":"))];
  return [name, splitOutside(rest.join(":"), ",").filter(Boolean).map(plain)];
}

export function rulesIn(text) {
  return linesOf(text).map((line) => {
    const [conditions, address] = arrowIn(line);
    const when = Object.fromEntries(splitOutside(conditions, ";").filter(Boolean).map(conditionIn));
    return { when, long_url: address };
  });
}

export function textOfRules(rules) {
  const valuesOf = (name, values) => (momentConditions.includes(name) ? values : values.map(quoted).join(", "));
  const condition = ([name, values]) => `${name}: ${valuesOf(name, values)}`;
  const line = ({ when, long_url: address }) => `${Object.entries(when).map(condition).join("; ")} -> ${address}`;
  return rules.map(line).join("\n");
}

export function variantsIn(text) {
  return linesOf(text).map((line) => {
    const [before, address] = arrowIn(line);
    const [name, weight] = splitOutside(before, ":");
    const number = weight === undefined || weight === "" ? 1 : Number(weight);
    return { name: plain(name), long_url: address, weight: Number.isNaN(number) ? weight : number };
  });
}

export function textOfVariants(variants) {
  return variants.map(({ name, weight, long_url: address }) => `${quoted(name)}: ${weight} -> ${address}`).join("\n");
}
