// The draw of docs/formats/draw.md with its five entries, for who has no place of their own: that of the second.

const commitment = "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd";
const root = "120dda426426857ff72999b3d3d90c1e9dd58f105b9fecaf7364ca63bd6e6b53";
const secret = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

const receipt = {
  index: 1,
  nonce: "AQ",
  leaf: "1554f89942936340b3ebd32ee5bdc9e5a506b6c941f14fc9c13a534c44318010",
  commitment,
  entries: 5,
  root,
  proof: [
    "fcde0ad1c746e3ce39412305308955ca60873dab91290d8480fb5de90a69297b",
    "1865acec2df70799c662b537147479ab22f4266b00fa4f75d4fb93c3849de8a8",
    "3c8303ef7fb9e9ebbf7662ac154445690782a7a9412cd57bb28c25681b3466cf",
  ],
};

export const example = {
  draw: { commitment, secret, root, entries: 5, drawn: true, beacon: null },
  entry: "bbbbbbbbbbbbbbbbbbbbbbbbbb",
  nonce: "AQ",
  kept: { ...receipt, entries: null, root: null, proof: null },
  receipt,
  position: 3,
};
