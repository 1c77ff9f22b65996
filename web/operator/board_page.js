// One sale, live: what an operator looks at while it runs, and does to it.

import { button, h, heading, link, setChildren, setText } from "../shop/dom.js";
import { isNet, money, moment } from "../shop/words.js";
import { BoardAudit } from "./board_audit.js";
import { BoardBeacon } from "./board_beacon.js";
import { BoardChannels } from "./board_channels.js";
import { BoardControls } from "./board_controls.js";
import { BoardFairness } from "./board_fairness.js";
import { BoardFlow } from "./board_flow.js";
import { BoardLine } from "./board_line.js";
import { BoardNumbers } from "./board_numbers.js";
import { BoardPace } from "./board_pace.js";
import { Poll } from "./poll.js";
import { StateBadge } from "./state_badge.js";

const queueWords = { draw: "a draw", fifo: "a line by arrival", none: "no line", pass: "a safety net" };

export class BoardPage {
  title = "Board";
  #heading = heading("…");
  #badge = new StateBadge();
  #about = h("p", { class: "quiet" });
  #links = h("p", { class: "links" });
  #numbers = new BoardNumbers();
  #flow = new BoardFlow();
  #pace = new BoardPace();
  #fairness = new BoardFairness();
  #controls;
  #beacon;
  #channels;
  #line;
  #audit;
  #polls = [];
  #context;

  constructor(context, id) {
    this.#context = context;
    this.id = id;
    const refresh = () => this.#polls.forEach((poll) => poll.now());
    this.#controls = new BoardControls(context, id, refresh);
    this.#beacon = new BoardBeacon(context, id, refresh);
    this.#channels = new BoardChannels(context, id);
    this.#line = new BoardLine(context, id, refresh);
    this.#audit = new BoardAudit(context.server.session);
    const { pace, refused, requests } = this.#pace.roots;
    this.root = h("div", { class: "board" },
      h("div", { class: "title-line" }, h("div", {}, h("p", { class: "card-line" },
        link("All sales", "/operator"), this.#badge.root), this.#heading), this.#controls.actions),
      this.#about, this.#links, this.#beacon.root, this.#numbers.root,
      h("div", { class: "panels" },
        h("div", { class: "wide" }, this.#flow.root, this.#line.root, this.#channels.root, this.#fairness.root,
          this.#audit.root),
        h("div", { class: "side" }, this.#controls.root, pace, refused, requests)));
    this.#begin();
  }

  #begin() {
    const { server } = this.#context;
    const path = `/sales/${encodeURIComponent(this.id)}`;
    this.#polls = [
      new Poll(1, async () => this.#show(await server.get(`${path}/board`).catch((refusal) => this.#giveUp(refusal)))),
      new Poll(3, async () => this.#flow.showFlow(await server.get(`${path}/flow`))),
      new Poll(1, () => this.#channels.look()),
      new Poll(3, () => this.#audit.look(server, `${path}/audit`)),
    ];
  }

  // Only on a sale that is not there.
  #giveUp(refusal) {
    if (refusal.status !== 404) throw refusal;
    this.stop();
    this.root.replaceChildren(heading("There is no such sale"), link("All sales", "/operator", "button"));
    throw refusal;
  }

  #show(board) {
    const { sale } = board;
    const now = Date.parse(board.at);
    setText(this.#heading, sale.title);
    document.title = `${sale.title} · Doorbuster operator`;
    this.#badge.show(sale, now);
    const facts = [queueWords[sale.queue], sale.price && money(sale.price),
      `${sale.state === "closed" || board.opened_at ? "opened" : "opens"} ${moment(board.opened_at ?? sale.opens_at)}`,
      sale.closes_at && `closes ${moment(sale.closes_at)}`, sale.guests && "guests welcome"];
    setText(this.#about, facts.filter(Boolean).join(" · "));
    this.#line.showReview(sale);
    this.#showLinks(sale);
    this.#beacon.show(sale, now);
    this.#numbers.show(sale);
    this.#flow.showNow(sale, now);
    this.#pace.show(board);
    this.#fairness.show(board);
    this.#controls.show(sale);
  }

  #showLinks(sale) {
    const api = `/api/v1/sales/${encodeURIComponent(sale.id)}`;
    const shop = `${location.origin}/s/${encodeURIComponent(sale.id)}`;
    const isDraft = sale.state === "draft";
    const aside = (words, href) => h("a", { href, target: "_blank" }, words);
    setChildren(this.#links, [isDraft, Boolean(sale.draw?.drawn)], () => [
      isDraft ? null : aside("The shop’s page", shop),
      isDraft ? null : button("Copy its address", () => this.#context.copy(shop, shop), "link"),
      isDraft ? null : aside("Report", `/reports/${encodeURIComponent(sale.id)}`),
      isNet(sale) ? null : link("Orders", `/operator/s/${encodeURIComponent(sale.id)}/orders`),
      isNet(sale) ? null : h("a", { href: `${api}/orders.csv`, download: true }, "Orders (CSV)"),
      h("a", { href: `${api}/audit.csv`, download: true }, "Audit trail (CSV)"),
      sale.draw?.drawn ? aside("Transcript of the draw", `${api}/transcript`) : null,
    ]);
  }

  stop() {
    for (const poll of this.#polls) poll.stop();
    this.#flow.stop();
  }
}
