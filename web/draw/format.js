// The draw's arithmetic with nothing but WebCrypto, from docs/formats/draw.md alone: it shares no line with the server.

import { bytesOfNumber, joined } from "./bytes.js";

const rounds = 8;
const leafMark = Uint8Array.of(0);
const nodeMark = Uint8Array.of(1);

// Browsers calculate only for pages of https or of the machine itself.
export function canCalculate() {
  return Boolean(globalThis.crypto?.subtle);
}

export async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
}

async function signer(key) {
  const kind = { name: "HMAC", hash: "SHA-256" };
  const imported = await crypto.subtle.importKey("raw", key, kind, false, ["sign"]);
  return async (...parts) => new Uint8Array(await crypto.subtle.sign("HMAC", imported, joined(...parts)));
}

export function leafOf(index, entry, nonce) {
  return sha256(leafMark, bytesOfNumber(index, 8), new TextEncoder().encode(entry), nonce);
}

// The root that a leaf and its proof lead to (RFC 9162 section 2.1.3.2); null if the proof has not the right length.
export async function rootOf(leaf, index, entries, proof) {
  if (index >= entries) return null;
  let [at, last, hash] = [index, entries - 1, leaf];
  const up = () => { [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]; };
  for (const sibling of proof) {
    if (last === 0) return null;
    if (at % 2 === 1 || at === last) {
      hash = await sha256(nodeMark, sibling, hash);
      while (at % 2 === 0 && at > 0) up();
    } else {
      hash = await sha256(nodeMark, hash, sibling);
    }
    up();
  }
  return last === 0 ? hash : null;
}

export async function keyOf(secret, root, entries, beacon) {
  return (await signer(secret))(root, bytesOfNumber(entries, 8), beacon);
}

function halfBitsOf(entries) {
  let bits = 2;
  while (2 ** bits < entries) bits += 2;
  return bits / 2;
}

// From 1. A Feistel network over the smallest even number of bits that holds `entries`, walked until it is below that.
export async function positionOf(key, entries, index) {
  const sign = await signer(key);
  const half = 2 ** halfBitsOf(entries);
  let value = index;
  do {
    let [left, right] = [Math.floor(value / half), value % half];
    for (let round = 0; round < rounds; round += 1) {
      const signed = await sign(Uint8Array.of(round), bytesOfNumber(right, 4));
      const low = new DataView(signed.buffer).getUint32(0) % half;
      [left, right] = [right, left ^ low];
    }
    value = left * half + right;
  } while (value >= entries);
  return value + 1;
}
