// The check of a draw that runs in the customer's browser: against the format's vectors, and against receipts that
// somebody has tampered with.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { bytesOfBase64url, bytesOfHex, bytesOfNumber, hexOf } from "../../web/draw/bytes.js";
import { checkDraw, troubles, verdict } from "../../web/draw/check.js";
import { example } from "../../web/draw/example.js";
import { keyOf, leafOf, positionOf, rootOf, sha256 } from "../../web/draw/format.js";

const docs = new URL("../../docs/formats/", import.meta.url);
const page = readFileSync(new URL("draw.md", docs), "utf8");
const record = readFileSync(new URL("draw-example.txt", docs), "utf8").split("\n").map((line) => line.split(" "));
const word = (name) => record.find(([first]) => first === name)[1];
const entries = record.filter(([first]) => first === "entry");
const vector = (name) => new RegExp(`^\\| ${name} \\| \`([^\`]+)\` \\|$`, "m").exec(page)[1];
const noBeacon = new Uint8Array();
const waitedFor = { source: "drand-quicknet", round: 14212345, published_at: "2026-11-27T10:00:10Z", value: null };

async function exampleLeaves() {
  return Promise.all(entries.map(([, index, id, nonce]) =>
    leafOf(Number(index), id, bytesOfHex(nonce === "-" ? "" : nonce))));
}

// RFC 6962 section 2.1, by its recursive definition.
async function treeRoot(leaves) {
  if (leaves.length === 1) return leaves[0];
  const half = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return sha256([1], await treeRoot(leaves.slice(0, half)), await treeRoot(leaves.slice(half)));
}

async function proofOf(leaves, index) {
  if (leaves.length === 1) return [];
  const half = 2 ** Math.floor(Math.log2(leaves.length - 1));
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return index < half
    ? [...await proofOf(left, index), await treeRoot(right)]
    : [...await proofOf(right, index - half), await treeRoot(left)];
}

test("the format's example comes out to the byte", async () => {
  assert.equal(hexOf(await sha256(bytesOfHex(word("secret")))), vector("C"));
  const leaves = await exampleLeaves();
  assert.equal(hexOf(leaves[0]), vector("leaf 0"));
  assert.equal(hexOf(leaves[2]), vector("leaf 2"));
  assert.equal(hexOf(await treeRoot(leaves)), vector("R"));
  const key = await keyOf(bytesOfHex(word("secret")), bytesOfHex(word("root")), 5, noBeacon);
  assert.equal(hexOf(key), vector("K"));
  const places = await Promise.all(leaves.map((_, index) => positionOf(key, 5, index)));
  assert.equal(places.join(" "), vector("positions of 0 to 4"));
});

test("positions are those of the format's table", async () => {
  const rows = [...page.matchAll(/^\| positions of 0, 1, 2 of (\d+) under 32 bytes of 07 \| `([\d ]+)` \|$/gm)];
  assert.equal(rows.length, 9);
  const key = new Uint8Array(32).fill(7);
  for (const [, count, positions] of rows) {
    const found = await Promise.all(positions.split(" ").map((_, index) => positionOf(key, Number(count), index)));
    assert.equal(found.join(" "), positions, `of ${count}`);
  }
});

test("positions are a permutation, whatever the count", async () => {
  const key = new Uint8Array(32).fill(1);
  for (const count of [1, 2, 3, 15, 16, 17, 63, 64, 65]) {
    const all = await Promise.all(Array.from({ length: count }, (_, index) => positionOf(key, count, index)));
    assert.deepEqual(all.sort((a, b) => a - b), Array.from({ length: count }, (_, index) => index + 1));
  }
});

test("every leaf's proof leads to the root, and no other does", async () => {
  for (let count = 1; count <= 17; count += 1) {
    const leaves = await Promise.all(Array.from({ length: count }, (_, index) => sha256([index])));
    const root = hexOf(await treeRoot(leaves));
    for (let index = 0; index < count; index += 1) {
      const proof = await proofOf(leaves, index);
      const leadsTo = async (...given) => hexOf(await rootOf(...given) ?? []);
      assert.equal(await leadsTo(leaves[index], index, count, proof), root, `${index} of ${count}`);
      assert.notEqual(await leadsTo(leaves[index], index, count, [...proof, leaves[0]]), root, "one too many");
      assert.notEqual(await leadsTo(leaves[index], count, count, proof), root, "behind the end");
      if (count === 1) continue;
      assert.notEqual(await leadsTo(leaves[index], index, count, proof.slice(1)), root, "one too few");
      assert.notEqual(await leadsTo(leaves[(index + 1) % count], index, count, proof), root, "another's leaf");
      assert.notEqual(await leadsTo(leaves[index], (index + 1) % count, count, proof), root, "another's index");
    }
  }
});

test("numbers are big-endian, also above 32 bits, and odd texts are no bytes", () => {
  assert.deepEqual([...bytesOfNumber(2 ** 33 + 258, 8)], [0, 0, 0, 2, 0, 0, 1, 2]);
  assert.deepEqual([...bytesOfBase64url("bHVja3k")], [..."lucky"].map((letter) => letter.charCodeAt(0)));
  for (const text of ["=", "a", "a+", null, 7]) assert.equal(bytesOfBase64url(text), null);
  for (const text of ["0", "0G", "AB", undefined]) assert.equal(bytesOfHex(text), null);
});

test("the example is the format's, and all of it is right", async () => {
  const leaves = await exampleLeaves();
  assert.equal(example.receipt.leaf, hexOf(leaves[1]));
  assert.deepEqual(example.receipt.proof, (await proofOf(leaves, 1)).map(hexOf));
  const steps = await checkDraw(example);
  for (const [name, step] of Object.entries(steps)) assert.equal(step.state, "right", name);
  assert.equal(verdict(steps), "right");
});

test("the format's example with a beacon is right, too, and not without its value", async () => {
  const lines = readFileSync(new URL("draw-beacon-example.txt", docs), "utf8").split("\n");
  const [, value, source, round] = lines.find((line) => line.startsWith("beacon ")).split(" ");
  const beacon = { source, round: Number(round), published_at: "2026-11-27T10:00:10Z", value };
  const drawn = { ...example, draw: { ...example.draw, beacon }, position: 5, keptRoot: example.draw.root };
  const steps = await checkDraw(drawn);
  for (const [name, step] of Object.entries(steps)) assert.equal(step.state, "right", name);
  assert.equal(steps.key.beacon.round, 14212345);
  const without = await checkDraw({ ...drawn, draw: { ...example.draw, beacon: null } });
  assert.equal(without.position.trouble, "position-differs");
});

test("while a beacon is waited for the closed list is checked, and the rest is open", async () => {
  const beacon = waitedFor;
  const draw = { ...example.draw, drawn: false, secret: null, beacon };
  const steps = await checkDraw({ ...example, draw, keptRoot: example.draw.root, position: null });
  const states = Object.values(steps).map((step) => step.state).join(" ");
  assert.equal(states, "right right right open open open");
  assert.equal(steps.key.beacon, beacon);
  assert.equal(verdict(steps), "open");
});

test("before the draw, what can be checked is, and the rest is open", async () => {
  const draw = { ...example.draw, drawn: false, secret: null, root: null };
  const steps = await checkDraw({ ...example, draw, receipt: example.kept, position: null });
  const states = Object.values(steps).map((step) => step.state).join(" ");
  assert.equal(states, "right right open open open open");
  assert.equal(verdict(steps), "open");
});

test("what nobody has kept, and what the server has forgotten, is not called right", async () => {
  const steps = await checkDraw({ ...example, kept: null, nonce: null, position: null });
  assert.equal(steps.commitment.state, "unknown");
  assert.equal(steps.position.state, "unknown");
  assert.equal(steps.position.computed, 3);
  assert.equal(verdict(steps), "right");
});

const other = "ab".repeat(32);
const beaconOf = (value) => ({ ...waitedFor, value });
const receipt = (changes) => ({ receipt: { ...example.receipt, ...changes } });
const draw = (changes) => ({ draw: { ...example.draw, ...changes } });
const kept = (changes) => ({ kept: { ...example.kept, ...changes } });

// [what was done, the change, the step that finds it, what it is called]
const tamperings = [
  ["the seal was changed everywhere after the join",
    { ...draw({ commitment: other }), ...receipt({ commitment: other }) }, "commitment", "commitment-changed"],
  ["the receipt names another seal", { ...receipt({ commitment: other }), kept: null }, "commitment",
    "commitment-differs"],
  ["the seal is no hash", draw({ commitment: "12" }), "commitment", "unreadable"],
  ["the line was moved on the list", receipt({ index: 2 }), "leaf", "index-changed"],
  ["the nonce was replaced", receipt({ nonce: "AA" }), "leaf", "nonce-changed"],
  ["the nonce was left out", receipt({ nonce: "" }), "leaf", "nonce-changed"],
  ["the nonce is none", receipt({ nonce: "=" }), "leaf", "unreadable"],
  ["the index is none", receipt({ index: -1 }), "leaf", "unreadable"],
  ["the place's id is another", { entry: "c".repeat(26) }, "leaf", "leaf-wrong"],
  ["the leaf was replaced", receipt({ leaf: other }), "leaf", "leaf-wrong"],
  ["another leaf was promised at the join", kept({ leaf: other }), "leaf", "leaf-changed"],
  ["the leaf is no hash", receipt({ leaf: "no" }), "list", "unreadable"],
  ["the list was replaced", draw({ root: other }), "list", "root-differs"],
  ["the list grew after the draw", draw({ entries: 6 }), "list", "entries-differ"],
  ["both say that the list was longer", { ...draw({ entries: 9 }), ...receipt({ entries: 9 }) }, "list",
    "not-included"],
  ["both name another list", { ...draw({ root: other }), ...receipt({ root: other }) }, "list", "not-included"],
  ["a step of the proof was replaced", receipt({ proof: [other, ...example.receipt.proof.slice(1)] }), "list",
    "not-included"],
  ["the proof was cut short", receipt({ proof: example.receipt.proof.slice(1) }), "list", "not-included"],
  ["the proof was lengthened", receipt({ proof: [...example.receipt.proof, other] }), "list", "not-included"],
  ["the proof is no list of hashes", receipt({ proof: ["x"] }), "list", "unreadable"],
  ["the proof is no list", receipt({ proof: "x" }), "list", "unreadable"],
  ["another secret is shown", draw({ secret: other }), "secret", "secret-wrong"],
  ["no secret is shown", draw({ secret: null }), "secret", "unreadable"],
  ["the list was exchanged after it was closed", { keptRoot: other }, "list", "list-changed"],
  ["the world's number is none", draw({ beacon: beaconOf("x") }), "key", "unreadable"],
  ["the world's number is missing", draw({ beacon: beaconOf(null) }), "key", "unreadable"],
  ["the world's number was added later", draw({ beacon: beaconOf("02") }), "position", "position-differs"],
  ["another place was given", { position: 1 }, "position", "position-differs"],
];

for (const [what, change, found, trouble] of tamperings) {
  test(`it is named that ${what}`, async () => {
    const steps = await checkDraw({ ...example, ...change });
    assert.equal(steps[found].state, "wrong");
    assert.equal(steps[found].trouble, trouble);
    assert.ok(troubles[trouble]);
    assert.equal(verdict(steps), "wrong");
  });
}

test("nothing is concluded from a list or a secret that is wrong", async () => {
  for (const change of [draw({ secret: other }), draw({ root: other })]) {
    const steps = await checkDraw({ ...example, ...change });
    assert.equal(steps.key.trouble, "seed-unsound");
    assert.equal(steps.position.trouble, "seed-unsound");
  }
});

test("a secret and a seal that were exchanged together are found by the seal that the browser kept", async () => {
  const commitment = hexOf(await sha256(bytesOfHex(other)));
  const change = { ...draw({ secret: other, commitment }), ...receipt({ commitment }) };
  const steps = await checkDraw({ ...example, ...change });
  assert.equal(steps.commitment.trouble, "commitment-changed");
  assert.equal(steps.secret.trouble, "secret-wrong");
});
