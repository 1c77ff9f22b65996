// A finished sale on one page: how fast, how many, how fair, and how to check it.

import { flowColumns, flowLines } from "../plots/flow_columns.js";
import { Plot } from "../plots/plot.js";
import { button, h, heading } from "../shop/dom.js";
import { count, isNet, moment, people } from "../shop/words.js";
import { channels } from "./channels.js";
import { fairness, funnel, headline, invariants, proof } from "./parts.js";

const barsMost = 60;

const ofSales = { sold: "Sold", paying: "Being paid", held: "Reserved", offered: "Offered" };
const ofNets = { held: "Inside", offered: "Called" };

// Units a stretch of time, in at most so many stretches: { xs, columns, seconds }.
export function stretches(report) {
  const { held_in_second: held, sold_in_second: sold } = report;
  const length = Math.max(held.length, sold.length);
  const seconds = Math.max(1, Math.ceil(length / barsMost));
  const sums = (list) => Array.from({ length: Math.ceil(length / seconds) },
    (_, at) => list.slice(at * seconds, (at + 1) * seconds).reduce((sum, units) => sum + units, 0));
  return { xs: sums([]).map((_, at) => at * seconds), columns: { held: sums(held), sold: sums(sold) }, seconds };
}

function stateInWords({ sale, is_over: isOver }) {
  if (isNet(sale)) return isOver ? "Report of a closed safety net" : "So far: the net is not closed";
  return isOver ? "Report of a finished sale" : "So far: the sale is not over";
}

export class ReportPage {
  #report;
  #flow;
  #pace;
  #areas;
  #units;
  #line = new Plot({ title: "People in line", lines: [
    { key: "waiting", label: "Waiting", colour: "--flow-waiting", kind: "area" }], height: 180 });

  constructor(report, flow, known) {
    this.#report = report;
    this.#flow = flow;
    const { sale } = report;
    const net = isNet(sale);
    const { seconds } = stretches(report);
    this.#areas = flowLines(net ? ofNets : ofSales);
    this.#units = new Plot({ title: net ? "How many were inside" : "Where the units were", stacked: true,
      lines: this.#areas, height: 260 });
    const what = net ? "Visits begun" : "Units";
    const held = { key: "held", label: net ? "Begun" : "Reserved", colour: "--flow-held", kind: "line" };
    const sold = { key: "sold", label: "Sold", colour: "--flow-sold", kind: "line" };
    this.#pace = new Plot({ title: seconds === 1 ? `${what} each second` : `${what} in each ${seconds} seconds`,
      x: "elapsed", height: 200, lines: net ? [held] : [held, sold] });
    this.root = h("article", {},
      h("p", { class: "badge" }, stateInWords(report)),
      heading(sale.title), h("p", { class: "lead" }, this.#lead()), this.#tools(),
      headline(report),
      h("section", { class: "plots" }, h("h2", {}, "How it went"), this.#units.root, this.#pace.root,
        sale.queue === "none" ? null : this.#line.root),
      funnel(report), channels(known), fairness(report), invariants(report), proof(report));
  }

  get title() {
    return `Report: ${this.#report.sale.title}`;
  }

  // Once it is on the page: the plots take its width.
  draw() {
    const names = this.#areas.map((line) => line.key);
    const until = Date.parse(this.#report.closed_at ?? this.#report.sale.all_sold_at ?? "") / 1000 || null;
    const opened = Date.parse(this.#report.opened_at ?? "") / 1000;
    const units = flowColumns(this.#flow, names, { from: opened || -Infinity, until });
    this.#units.show(units.xs, units.columns);
    const line = flowColumns(this.#flow, ["waiting"], { until });
    this.#line.show(line.xs, line.columns);
    const { xs, columns } = stretches(this.#report);
    this.#pace.show(xs, columns);
  }

  #lead() {
    const { sale, opened_at: opened, funnel: steps } = this.#report;
    const units = `${count(sale.units)} ${sale.units === 1 ? "unit" : "units"}`;
    const kinds = {
      draw: `${units}, and ${people(steps.entries)} in line: places by lot among those who were there at the opening`,
      fifo: `${units}, and ${people(steps.entries)} in line, in the order of arrival`,
      none: `${units}, first come, first served`,
      pass: `Room for ${count(sale.units)} at a time, and ${people(steps.entries)} in line`,
    };
    const when = opened ? ` Opened ${moment(opened)}.` : " It never opened.";
    return `${kinds[sale.queue] ?? units}.${when}`;
  }

  #tools() {
    const { sale, share_url: shareUrl } = this.#report;
    const path = `/api/v1/sales/${encodeURIComponent(sale.id)}`;
    const said = h("span", { class: "quiet", role: "status" });
    const copy = async () => {
      const address = new URL(shareUrl, location.href).href;
      try {
        await navigator.clipboard.writeText(address);
        said.textContent = "Copied. Whoever has it may read this report once the sale is over.";
      } catch {
        said.replaceChildren("Copy it from here: ", h("a", { href: address }, address));
      }
    };
    return h("p", { class: "buttons tools" },
      shareUrl ? [button("Copy share link", copy, "main"),
        isNet(sale) ? null : h("a", { class: "button", href: `${path}/orders.csv`, download: true }, "Orders as CSV"),
        h("a", { class: "button", href: `${path}/audit.csv`, download: true }, "Audit trail as CSV")] : null,
      button("Print", () => print()), said);
  }
}
