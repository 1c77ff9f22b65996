// The link by which the visitor came to a sale: /s/{sale}?channel=CODE. Its code goes with what they ask for there, so
// that the shop learns what each of its links has brought.

const code = /^[A-Za-z0-9_-]{1,64}$/;
const known = new Map(); // sale -> code, for as long as the document lives

const keyOf = (sale) => `doorbuster:channel:${sale}`;

// On arrival. The address is then the sale's own, for who passes it on.
export function rememberChannel() {
  const sale = /^\/s\/([^/]+)/.exec(location.pathname)?.[1];
  const asked = new URLSearchParams(location.search);
  const channel = asked.get("channel");
  if (!sale || !code.test(channel ?? "")) return;
  known.set(decodeURIComponent(sale), channel);
  asked.delete("channel");
  const rest = asked.toString();
  try {
    history.replaceState(null, "", location.pathname + (rest ? `?${rest}` : "") + location.hash);
    sessionStorage.setItem(keyOf(decodeURIComponent(sale)), channel);
  } catch {
    // a browser that stores nothing knows it until a reload
  }
}

// What to attach to a place or a unit of the sale.
export function cameBy(sale) {
  let channel = known.get(sale);
  try {
    channel ??= sessionStorage.getItem(keyOf(sale));
  } catch {
    // as above
  }
  return channel ? { metadata: { channel } } : {};
}
