// Who did what, and why: newest first.

import { newestOf } from "../client/whole_list.js";
import { h, setChildren } from "../shop/dom.js";

const linesMax = 100;
const clock = new Intl.DateTimeFormat("en-GB", { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit",
  second: "2-digit" });

export class BoardAudit {
  #lines = h("ol", { class: "audit" });
  #total = 0;

  constructor(session) {
    this.session = session;
    this.root = h("section", { class: "panel trail" }, h("h2", {}, "Audit trail"), this.#lines);
  }

  async look(server, path) {
    const { lines, total } = await newestOf((page) => server.get(page), path, "lines", linesMax, this.#total);
    this.#total = total;
    setChildren(this.#lines, total, () => lines.reverse().map((line) => this.#line(line)));
  }

  #line(line) {
    const actor = line.actor === null ? "the clock" : this.#name(line.actor);
    return h("li", {}, h("p", {}, h("b", {}, line.action), line.detail ? ` ${line.detail}` : "",
      line.reason ? h("q", {}, line.reason) : null),
    h("p", { class: "quiet" }, h("time", { datetime: line.at }, clock.format(new Date(line.at))), `, by ${actor}`));
  }

  #name(key) {
    const { operator } = this.session;
    return operator.key === key ? `${operator.name} (you)` : `key ${key}`;
  }
}
