// Areas on top of each other, and rows for a table: plain arrays in, plain arrays out.

// One column a key, each the sum of itself and those before it; what is hidden counts for nothing.
export function stackColumns(columns, keys, hidden) {
  let below = null;
  return keys.map((key) => {
    const sums = columns[key].map((value, at) => (below ? below[at] : 0) + (hidden.has(key) ? 0 : value));
    below = sums;
    return sums;
  });
}

// At most `most` of `count` indexes, evenly apart, the last one always among them; and how far apart.
export function pickEvenly(count, most) {
  const every = Math.max(1, Math.ceil(count / most));
  const picked = [];
  for (let at = count - 1; at >= 0; at -= every) picked.unshift(at);
  return { picked, every };
}
