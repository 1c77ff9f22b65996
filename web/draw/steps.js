// The draw in a handful of sentences, each with what was checked about it and the numbers it was checked with.

import { h, setChildren } from "../shop/dom.js";
import { count, moment, people, roundOf } from "../shop/words.js";
import { troubles } from "./check.js";

const marks = { right: "✓", wrong: "✗", open: "…", unknown: "–", checking: "…" };
const spokenMarks = {
  right: "Checked, right:",
  wrong: "Wrong:",
  open: "Later:",
  unknown: "Not checkable here:",
  checking: "Checking:",
};

function waitsFor(beacon) {
  return `It waits for ${roundOf(beacon)}, which is public ${moment(beacon.published_at)}.`;
}

function keyMade({ beacon }) {
  const made = "Your browser has made the key by itself.";
  if (!beacon) return made;
  return `${made} One thing it cannot check for you: that the world's number is ${roundOf(beacon)}. Look it up there.`;
}

// [name, title, sentences, the result in words for each state, the numbers]
const explained = [
  ["commitment", "A secret is sealed",
    "Before anybody could join, the shop drew a secret number and published its seal: a fingerprint that fits that " +
    "number and no other.",
    {
      right: () => "The seal published now is the one that your browser was given when you joined.",
      unknown: () => "This browser has kept no seal of its own to compare with.",
    },
    ({ commitment }) => [["Seal, SHA-256 of the secret", commitment]]],
  ["leaf", "You are on the list",
    "Everybody who joined before the opening became a line on a list, made of their number on it, their place's id " +
    "and a random number that their own browser added.",
    { right: ({ number }) => `Number ${count(number)} is yours, and your line is made of exactly that.` },
    ({ leaf }) => [["Your line", leaf]]],
  ["list", "The list is closed",
    "At the opening the fingerprint of the whole list was published: nobody can be added, left out or moved after " +
    "that without changing it.",
    {
      right: ({ entries }) => `Your line is on the closed list of ${count(entries)}.`,
      open: ({ entries }) => `The list is still open, with ${people(entries)} on it so far.`,
    },
    ({ root }) => root ? [["Fingerprint of the list", root]] : []],
  ["secret", "The secret is shown",
    "Only when nobody could change the list any more was the secret shown.",
    {
      right: () => "It fits the seal, so it was fixed before the list was known.",
      open: () => "It is still sealed.",
    },
    ({ secret }) => secret ? [["The secret", secret]] : []],
  ["key", "Together they make the key",
    "The secret and the list's fingerprint together make the key of the draw, so that neither the shop's number nor " +
    "any line on the list decides it alone. A sale may add a number that the whole world learns only after the list " +
    "was closed, so that not even the shop can know the key before.",
    { right: keyMade, open: ({ beacon }) => beacon ? waitsFor(beacon) : "It is made at the opening." },
    ({ key, beacon }) => [["Key", key], ["The world's number", beacon?.value]]],
  ["position", "The key shuffles the list",
    "A public recipe, the same for every sale, shuffles the list by that key and gives each number its place.",
    {
      right: ({ computed }) => `It gives you place ${count(computed)}, and that is the place the server gave you.`,
      unknown: ({ computed }) => `It gives you place ${count(computed)}. The server does not tell your place any more.`,
      open: () => "You get your place when the key is made.",
    },
    () => []],
];

function wordsOf(step, words) {
  if (step.state === "wrong") return troubles[step.trouble];
  return words[step.state]?.(step) ?? "";
}

class Step {
  #mark = h("span", { class: "check", "aria-hidden": "true" });
  #result = h("p", { class: "result" });
  #numbers = h("div", {});

  constructor([name, title, sentences, words, numbers]) {
    this.name = name;
    this.words = words;
    this.numbers = numbers;
    this.root = h("li", {}, this.#mark, h("div", {}, h("h2", {}, title), h("p", {}, sentences), this.#result,
      this.#numbers));
    this.show({ state: "checking" });
  }

  show(step) {
    this.root.className = step.state;
    this.#mark.textContent = marks[step.state];
    const text = step.state === "checking" ? "One moment." : wordsOf(step, this.words);
    setChildren(this.#result, [step.state, text], () => [
      h("span", { class: "unseen" }, spokenMarks[step.state], " "), text]);
    const numbers = step.state === "checking" ? [] : this.numbers(step).filter(([, value]) => value);
    const pair = ([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value));
    setChildren(this.#numbers, numbers, () => numbers.length > 0 &&
      h("details", {}, h("summary", {}, "The numbers"), h("dl", { class: "hex" }, ...numbers.map(pair))));
  }
}

export class Steps {
  #steps = explained.map((each) => new Step(each));

  constructor() {
    this.root = h("ol", { class: "steps" }, ...this.#steps.map((step) => step.root));
  }

  // As checkDraw() found them.
  show(found) {
    for (const step of this.#steps) step.show(found[step.name]);
  }
}
