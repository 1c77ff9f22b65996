// The operator's pages: log in, see all sales, make one, run one; those that are archived; who is told of what happens;
// short links; and recommendations.

import { button, h, heading, link, setText } from "../shop/dom.js";
import { Router } from "../shop/router.js";
import { ArchivedPage } from "./archived_page.js";
import { BoardPage } from "./board_page.js";
import { EditLinkPage } from "./edit_link_page.js";
import { LinkPage } from "./link_page.js";
import { LinksPage } from "./links_page.js";
import { ListPage } from "./list_page.js";
import { LoginPage } from "./login_page.js";
import { NewLinkPage } from "./new_link_page.js";
import { NewSalePage } from "./new_sale_page.js";
import { OrdersPage } from "./orders_page.js";
import { RecsPage } from "./recs_page.js";
import { RecsRulesPage } from "./recs_rules_page.js";
import { OperatorServer } from "./server.js";
import { WebhooksPage } from "./webhooks_page.js";

const routes = [
  [/^\/operator\/?$/, ListPage],
  [/^\/operator\/new$/, NewSalePage],
  [/^\/operator\/webhooks$/, WebhooksPage],
  [/^\/operator\/archived$/, ArchivedPage],
  [/^\/operator\/links$/, LinksPage],
  [/^\/operator\/new-link$/, NewLinkPage],
  [/^\/operator\/links\/([^/]+)$/, LinkPage],
  [/^\/operator\/links\/([^/]+)\/edit$/, EditLinkPage],
  [/^\/operator\/recs$/, RecsPage],
  [/^\/operator\/recs\/rules$/, RecsRulesPage],
  [/^\/operator\/s\/([^/]+)$/, BoardPage],
  [/^\/operator\/s\/([^/]+)\/orders$/, OrdersPage],
];

class NoPage {
  title = "There is no such page";
  root = h("div", { class: "narrow" }, heading(this.title), link("All sales", "/operator", "button"));

  stop() {}
}

const news = document.getElementById("news");
const connection = document.getElementById("connection");
const who = document.getElementById("who");
const server = new OperatorServer();
let fading;

const context = {
  server,
  go: (path) => router.go(path),
  tell(text, look = "") {
    clearTimeout(fading);
    news.className = `news ${look}`;
    setText(news, text);
    if (look === "good") fading = setTimeout(() => setText(news, ""), 8000); // what is wrong stays
  },
  async copy(text, shown = "") {
    try {
      await navigator.clipboard.writeText(text);
      context.tell(shown ? `Copied: ${shown}` : "Copied.", "good");
    } catch {
      context.tell(`Copy it by hand${shown && `: ${shown}`}.`); // without https browsers do not let pages copy
    }
  },
  // Does something that the operator has asked for; what the server says against it is shown. Whether it was done.
  async act(doing, done = "") {
    context.tell("");
    try {
      const answer = await doing();
      if (done) context.tell(typeof done === "string" ? done : done(answer), "good");
      return true;
    } catch (refusal) {
      if (refusal.name !== "Refusal") throw refusal;
      context.tell(refusal.message, "bad");
      return false;
    }
  },
};

const router = new Router(routes, (Page, ids) => {
  context.tell("");
  if (!server.session) return new LoginPage(context);
  return Page ? new Page(context, ...ids) : new NoPage();
}, () => { document.title = `${router.page.title} · Doorbuster operator`; });

function showWho() {
  const name = server.session?.operator.name;
  const out = () => button("Log out", () => context.act(() => server.logOut()), "small");
  who.replaceChildren(...(name ? [h("span", { class: "quiet" }, name), out()] : []));
}

function showSession() {
  showWho();
  if (!router.page) return;
  const wasIn = !(router.page instanceof LoginPage);
  router.show({ focus: true });
  if (wasIn && !server.session) context.tell("You are logged out.");
}

function showNothing(words) {
  document.getElementById("page").replaceChildren(heading("Operator"), h("p", { class: "note" }, words));
}

async function begin() {
  while (router.page === null) {
    try {
      await server.look();
      router.show({ focus: false });
    } catch (refusal) {
      if (refusal.name !== "Refusal") throw refusal;
      if (!refusal.passing) return showNothing(refusal.message);
      await new Promise((done) => setTimeout(done, 2000));
    }
  }
}

server.addEventListener("session", showSession);
server.addEventListener("connection", () => setText(connection,
  server.connected ? "" : "No answer from the server. Numbers are old; trying again …"));
begin();
