// One document, an address for each page, no reload between them.

export class Router {
  page = null;
  #main = document.getElementById("page");
  #routes;
  #make;
  #shown;

  // `routes`: [pattern of the path, Page]. `make(Page, ids)` makes a page, of the routes' Page and what the pattern has
  // caught; of none where no route leads. `shown()` is called when it is there.
  constructor(routes, make, shown) {
    this.#routes = routes;
    this.#make = make;
    this.#shown = shown;
    document.addEventListener("click", (event) => this.#follow(event));
    addEventListener("popstate", () => this.show({ focus: true }));
  }

  // The page of the address; `focus`: from its top, and a screen reader begins at the heading.
  show({ focus }) {
    this.page?.stop();
    this.page = this.#pageAt(location.pathname);
    this.#main.replaceChildren(this.page.root);
    this.#shown();
    if (!focus) return;
    scrollTo(0, 0);
    (this.#main.querySelector("h1") ?? this.#main).focus({ preventScroll: true });
  }

  go(path, { replace = false } = {}) {
    if (path === location.pathname) return;
    history[replace ? "replaceState" : "pushState"](null, "", path);
    this.show({ focus: true });
  }

  #pageAt(path) {
    for (const [pattern, Page] of this.#routes) {
      const match = pattern.exec(path);
      if (match) return this.#make(Page, match.slice(1).map(decodeURIComponent));
    }
    return this.#make(null, []);
  }

  #follow(event) {
    const at = event.target.closest?.("a[href]");
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    const isOurs = at?.origin === location.origin && this.#routes.some(([pattern]) => pattern.test(at.pathname));
    if (!plain || !isOurs || at.hash || at.target) return;
    event.preventDefault();
    this.go(at.pathname);
  }
}
