// The operator's pages: log in, see all sales, make one, run one.

import { button, h, heading, link, setText } from "../shop/dom.js";
import { BoardPage } from "./board_page.js";
import { ListPage } from "./list_page.js";
import { LoginPage } from "./login_page.js";
import { NewSalePage } from "./new_sale_page.js";
import { OperatorServer } from "./server.js";

const routes = [
  [/^\/operator\/?$/, ListPage],
  [/^\/operator\/new$/, NewSalePage],
  [/^\/operator\/s\/([^/]+)$/, BoardPage],
];

class NoPage {
  title = "There is no such page";
  root = h("div", { class: "narrow" }, heading(this.title), link("All sales", "/operator", "button"));

  stop() {}
}

const main = document.getElementById("page");
const news = document.getElementById("news");
const connection = document.getElementById("connection");
const who = document.getElementById("who");
const server = new OperatorServer();
let page = null;
let fading;

const context = {
  server,
  go,
  tell(text, look = "") {
    clearTimeout(fading);
    news.className = `news ${look}`;
    setText(news, text);
    if (look === "good") fading = setTimeout(() => setText(news, ""), 8000); // what is wrong stays
  },
  // Does something that the operator has asked for; what the server says against it is shown. Whether it was done.
  async act(doing, done = "") {
    context.tell("");
    try {
      await doing();
      context.tell(done, "good");
      return true;
    } catch (refusal) {
      if (refusal.name !== "Refusal") throw refusal;
      context.tell(refusal.message, "bad");
      return false;
    }
  },
};

function pageAt(path) {
  if (!server.session) return new LoginPage(context);
  for (const [pattern, Page] of routes) {
    const match = pattern.exec(path);
    if (match) return new Page(context, ...match.slice(1).map(decodeURIComponent));
  }
  return new NoPage();
}

function show({ focus }) {
  page?.stop();
  page = pageAt(location.pathname);
  main.replaceChildren(page.root);
  document.title = `${page.title} · Doorbuster operator`;
  if (!focus) return;
  scrollTo(0, 0);
  (main.querySelector("h1") ?? main).focus({ preventScroll: true });
}

function go(path) {
  if (path === location.pathname) return;
  history.pushState(null, "", path);
  context.tell("");
  show({ focus: true });
}

function followLink(event) {
  const at = event.target.closest?.("a[href]");
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  const isOurs = at && at.origin === location.origin && routes.some(([pattern]) => pattern.test(at.pathname));
  if (!plain || !isOurs || at.hash || at.target) return;
  event.preventDefault();
  go(at.pathname);
}

function showWho() {
  const name = server.session?.operator.name;
  const out = () => button("Log out", () => context.act(() => server.logOut()), "small");
  who.replaceChildren(...(name ? [h("span", { class: "quiet" }, name), out()] : []));
}

function showSession() {
  showWho();
  const wasIn = page && !(page instanceof LoginPage);
  if (wasIn && !server.session) context.tell("You are logged out.");
  if (page) show({ focus: true });
}

function showNothing(words) {
  main.replaceChildren(heading("Operator"), h("p", { class: "note" }, words));
}

async function begin() {
  while (page === null) {
    try {
      await server.look();
      show({ focus: false });
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
document.addEventListener("click", followLink);
addEventListener("popstate", () => show({ focus: true }));
begin();
