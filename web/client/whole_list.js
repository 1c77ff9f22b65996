// A list of the server's from its first page to its last.

export async function wholeList(get, path, name) {
  const all = [];
  for (;;) {
    const page = await get(`${path}?offset=${all.length}&limit=1000`);
    all.push(...page[name]);
    if (page[name].length === 0 || all.length >= page.total) return all;
  }
}

// Its newest, oldest first, where the server lists the oldest first. `before` is how many there were when it was asked
// last, or 0: it saves a request.
export async function newestOf(get, path, name, most, before) {
  for (let total = before; ; ) {
    const offset = Math.max(0, total - most);
    const page = await get(`${path}?offset=${offset}&limit=${most}`);
    if (page.total === total || offset + page[name].length >= page.total) return page;
    total = page.total;
  }
}
