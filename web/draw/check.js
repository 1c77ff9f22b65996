// One customer's part in a draw, checked step by step. What does not fit is named.

import { bytesOfBase64url, bytesOfHex, hexOf } from "./bytes.js";
import { keyOf, leafOf, positionOf, rootOf, sha256 } from "./format.js";

// In words for a customer.
export const troubles = {
  "commitment-changed": "The seal published now is not the one that this browser was given when you joined.",
  "commitment-differs": "Your receipt names another seal than the sale's page does.",
  "index-changed": "Your number on the list is not the one that you were given when you joined.",
  "nonce-changed": "The random number in your line is not the one that your browser added.",
  "leaf-wrong": "Your line is not made of your place's number and your random number.",
  "leaf-changed": "Your line is not the one that you were given when you joined.",
  "secret-wrong": "The secret shown now is not the one that was sealed.",
  "root-differs": "Your receipt is of another list than the one published for the sale.",
  "entries-differ": "Your receipt and the sale's page do not agree on how many were on the list.",
  "list-changed": "The list that was drawn from is not the one that this browser saw when it was closed.",
  "not-included": "Your line is not on the list that was closed at the opening.",
  "seed-unsound": "The key is made of something that did not fit above, so it decides nothing.",
  "position-differs": "The recipe gives you another place than the server does.",
  unreadable: "What the server sent for this step cannot be read.",
};

const right = (values = {}) => ({ state: "right", ...values });
const wrong = (trouble, values = {}) => ({ state: "wrong", trouble, ...values });
const open = (values = {}) => ({ state: "open", ...values }); // cannot be checked yet
const unknown = (values = {}) => ({ state: "unknown", ...values }); // cannot be checked here

const isHash = (text) => bytesOfHex(text)?.length === 32;

export function checkCommitment({ draw, kept, receipt }) {
  const values = { commitment: draw.commitment };
  if (!isHash(draw.commitment)) return wrong("unreadable");
  if (kept?.commitment && kept.commitment !== draw.commitment) return wrong("commitment-changed", values);
  if (receipt.commitment !== draw.commitment) return wrong("commitment-differs", values);
  return kept?.commitment ? right(values) : unknown(values);
}

export async function checkLeaf({ entry, nonce, kept, receipt }) {
  const added = bytesOfBase64url(receipt.nonce);
  if (!Number.isSafeInteger(receipt.index) || receipt.index < 0 || added === null) return wrong("unreadable");
  const values = { number: receipt.index + 1, leaf: receipt.leaf };
  if (kept && kept.index !== receipt.index) return wrong("index-changed", values);
  if ((nonce ?? kept?.nonce ?? receipt.nonce) !== receipt.nonce) return wrong("nonce-changed", values);
  if (hexOf(await leafOf(receipt.index, entry, added)) !== receipt.leaf) return wrong("leaf-wrong", values);
  return kept && kept.leaf !== receipt.leaf ? wrong("leaf-changed", values) : right(values);
}

export async function checkList({ draw, receipt, keptRoot = null }) {
  if (!draw.root || receipt.proof === null) return open({ entries: draw.entries });
  const values = { entries: receipt.entries, root: receipt.root };
  const isReadable = isHash(receipt.leaf) && Array.isArray(receipt.proof) && receipt.proof.every(isHash);
  if (!isReadable) return wrong("unreadable");
  if (receipt.root !== draw.root) return wrong("root-differs", values);
  if (keptRoot !== null && keptRoot !== draw.root) return wrong("list-changed", values);
  if (receipt.entries !== draw.entries) return wrong("entries-differ", values);
  const proof = receipt.proof.map(bytesOfHex);
  const root = await rootOf(bytesOfHex(receipt.leaf), receipt.index, receipt.entries, proof);
  return root !== null && hexOf(root) === receipt.root ? right(values) : wrong("not-included", values);
}

// Of the seal that the customer has kept, or of the published one.
export async function checkSecret({ draw, kept }) {
  if (!draw.drawn) return open();
  if (!isHash(draw.secret)) return wrong("unreadable");
  const isSealed = hexOf(await sha256(bytesOfHex(draw.secret))) === (kept?.commitment ?? draw.commitment);
  return isSealed ? right({ secret: draw.secret }) : wrong("secret-wrong", { secret: draw.secret });
}

async function checkKey({ draw, receipt }, list, secret) {
  const { beacon } = draw;
  if (list.state === "open" || secret.state === "open") return open({ beacon });
  if (list.state !== "right" || secret.state !== "right") return wrong("seed-unsound", { beacon });
  const value = beacon ? bytesOfHex(beacon.value) : new Uint8Array();
  if (value === null || (beacon && value.length === 0)) return wrong("unreadable", { beacon });
  const key = await keyOf(bytesOfHex(draw.secret), bytesOfHex(receipt.root), receipt.entries, value);
  return right({ key: hexOf(key), beacon });
}

async function checkPosition({ receipt, position }, key) {
  if (key.state === "open") return open();
  if (key.state !== "right") return wrong("seed-unsound");
  const computed = await positionOf(bytesOfHex(key.key), receipt.entries, receipt.index);
  if (position === null) return unknown({ computed });
  return computed === position ? right({ computed, position }) : wrong("position-differs", { computed, position });
}

// `draw` is the sale's, the rest as Visit.proof() gives it. By name and in the order in which they are explained:
// { state: "right" | "wrong" | "open" | "unknown", trouble: why it is wrong, what it is about }.
export async function checkDraw(given) {
  const commitment = checkCommitment(given);
  const leaf = await checkLeaf(given);
  const list = await checkList(given);
  const secret = await checkSecret(given);
  const key = await checkKey(given, list, secret);
  return { commitment, leaf, list, secret, key, position: await checkPosition(given, key) };
}

// "wrong" if anything is, "open" if something has to wait for the draw, else "right".
export function verdict(steps) {
  const states = Object.values(steps).map((step) => step.state);
  if (states.includes("wrong")) return "wrong";
  return states.includes("open") ? "open" : "right";
}
