// The server's flow of a sale (GET /sales/{sale}/flow) as a plot wants it: the server leaves out what did not change,
// which a line between two points would show as a slope.

const stackOrder = ["sold", "paying", "held", "offered", "waiting"];

// The lines of a plot of them, as far as `words` has a name for them.
export function flowLines(words) {
  return stackOrder.filter((key) => key in words).map((key) => (
    { key, label: words[key], colour: `--flow-${key}`, kind: "area" }));
}

// { xs, columns } of the named counts, in seconds since 1970, from `from` on where that is given; with the last counts
// again at `until`.
export function flowColumns(flow, names, { from = -Infinity, until = null } = {}) {
  const begin = Date.parse(flow.begins_at) / 1000;
  const seen = flow.seconds.map((second) => begin + second);
  const rows = withoutSlopes(seen, flow.stretch_seconds, until);
  const shown = rows.filter(([x], at) => x >= from || (rows[at + 1]?.[0] ?? Infinity) > from)
    .map(([x, row]) => [Math.max(x, from), row]);
  return { xs: shown.map(([x]) => x),
    columns: Object.fromEntries(names.map((name) => [name, shown.map(([, row]) => flow[name][row])])) };
}

// [x, the row of the flow whose counts hold there]
function withoutSlopes(seen, stretch, until) {
  const rows = [];
  seen.forEach((x, row) => {
    if (row > 0 && x - seen[row - 1] > stretch) rows.push([x - stretch, row - 1]);
    rows.push([x, row]);
  });
  const last = rows.at(-1);
  if (last && until !== null && until > last[0]) rows.push([until, last[1]]);
  return rows;
}
