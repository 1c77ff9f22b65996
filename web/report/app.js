// The report of a sale, for whoever has the link or is logged in as its operator.

import { exchange } from "../client/exchange.js";
import { pause } from "../client/pause.js";
import { refusalOf } from "../client/refusal.js";
import { h, heading, link } from "../shop/dom.js";
import { ReportPage } from "./report_page.js";

const main = document.getElementById("page");
const connection = document.getElementById("connection");

// What stands in the way, in words: [title, text].
const obstacles = {
  "operator-key-needed": ["This report needs its link",
    "Open it by the whole link that its operator sent, or log in as an operator."],
  "link-refused": ["This link is not good",
    "It is not of this sale's report, or was cut short on its way. Ask whoever sent it for the whole link."],
  "sale-not-over": ["The sale is not over yet",
    "The report is here once every unit is sold or the sale is closed. This page looks again by itself."],
  "sale-not-found": ["There is no such sale", "It may be over for long, or the address is mistyped."],
};
for (const slug of ["unknown-operator-key", "session-over"]) obstacles[slug] = obstacles["operator-key-needed"];

async function get(path) {
  const { response, text } = await exchange(`/api/v1${path}`, { cache: "no-store" });
  if (!response.ok) throw refusalOf(response, text);
  return JSON.parse(text);
}

function showRefusal(refusal) {
  const [title, text] = obstacles[refusal.slug] ?? ["The report cannot be shown", refusal.message];
  document.title = `${title} · Doorbuster`;
  main.replaceChildren(h("div", { class: "narrow stage" }, heading(title), h("p", {}, text),
    refusal.status === 401 ? h("p", { class: "buttons" }, link("Log in", "/operator", "button")) : null));
}

// Until there is something to show; what passes is waited for.
async function loaded(path, query) {
  for (;;) {
    try {
      const [report, flow] = await Promise.all([get(`${path}/report${query}`), get(`${path}/flow${query}`)]);
      connection.textContent = "";
      return { report, flow };
    } catch (refusal) {
      connection.textContent = refusal.status === 0 ? "No answer from the shop. Trying again …" : "";
      const mayPass = refusal.passing || refusal.slug === "sale-not-over";
      if (refusal.status !== 0) showRefusal(refusal);
      if (!mayPass) return null;
      await pause(Math.max(3, refusal.retryAfterSeconds), { orOnline: true });
    }
  }
}

// What its links have brought is for operators, who are given the link to share. A report without it is one all the
// same.
async function channelsFor(report, sale) {
  if (!report.share_url) return null;
  return get(`/sales/${sale}/links`).catch(() => null);
}

async function start() {
  const [, sale] = /^\/reports\/([^/]+)\/?$/.exec(location.pathname) ?? [];
  if (!sale) return showRefusal({ slug: "sale-not-found" });
  const share = new URLSearchParams(location.search).get("share");
  const query = share === null ? "" : `?share=${encodeURIComponent(share)}`;
  main.replaceChildren(h("div", { class: "narrow" }, heading("One moment …")));
  const found = await loaded(`/sales/${sale}`, query);
  if (!found) return;
  const page = new ReportPage(found.report, found.flow, await channelsFor(found.report, sale));
  document.title = `${page.title} · Doorbuster`;
  main.replaceChildren(page.root);
  page.draw();
}

start();
