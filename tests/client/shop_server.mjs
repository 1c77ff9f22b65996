// A started `doorbuster run` on free ports and a folder of its own, its operator, its customers.

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const binary = process.env.DOORBUSTER;
if (!binary) throw new Error("set DOORBUSTER to the server's binary");

// Beside the ports that the kernel gives to connections (tests/api/free_port.py).
export async function freePort() {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 22_000);
    const probe = createServer();
    const isFree = await new Promise((done) => {
      probe.once("error", () => done(false));
      probe.listen(port, "127.0.0.1", () => done(true));
    });
    if (!isFree) continue;
    await new Promise((done) => probe.close(done));
    return port;
  }
}

export class ShopServer {
  data = mkdtempSync(join(tmpdir(), "doorbuster-client-"));
  #process = null;
  #sandbox = 0;

  static async start() {
    const shop = new ShopServer();
    const [port, payments] = [await freePort(), await freePort()];
    shop.port = port;
    shop.url = `http://127.0.0.1:${port}`;
    shop.payments = `http://127.0.0.1:${payments}`;
    await shop.restart();
    return shop;
  }

  async restart() {
    const options = ["--listen", `127.0.0.1:${this.port}`, "--data", this.data, "--payment-url", this.payments,
      "--admissions-return-to", "https://shop.example/"];
    this.#process = spawn(binary, ["run", "--guard-policy=open", ...options], { stdio: ["ignore", "pipe", "inherit"] });
    this.ended = new Promise((done) => this.#process.on("exit", done));
    let text = "";
    this.#process.stdout.on("data", (piece) => { text += piece; });
    await until(() => text.includes("Ctrl-C"), "the server starts", 60);
    this.#sandbox = Number(execFileSync("pgrep", ["-P", String(this.#process.pid)]).toString().trim());
  }

  // The sandbox is its child and ends with it, or would keep its port from the next.
  async kill() {
    this.#process.kill("SIGKILL");
    await this.ended;
    try {
      process.kill(this.#sandbox, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }

  async close() {
    this.#process.kill("SIGTERM");
    const status = await this.ended;
    rmSync(this.data, { recursive: true, force: true });
    if (status !== 0) throw new Error(`the server ended with ${status}`);
  }

  async newSale(id, settings = {}) {
    const key = readFileSync(join(this.data, "operator.key"), "utf8").trim();
    const body = { id, title: `Sale ${id}`, units: 1, opens_at: new Date(Date.now() - 1000).toISOString(),
      queue: "fifo", price: { amount: 1999, currency: "EUR" }, ...settings };
    const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
    const answer = await fetch(`${this.url}/api/v1/sales`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
  }

  token(customer) {
    return execFileSync(binary, ["token", "--sub", customer, "--data", this.data]).toString().trim();
  }

  tokens(prefix, count) {
    const file = join(this.data, "tokens.txt");
    execFileSync(binary, ["token", "--sub", prefix, "--count", String(count), "--out", file, "--data", this.data]);
    return readFileSync(file, "utf8").trim().split("\n");
  }
}

// What a browser keeps.
export class Memory {
  #items = new Map();
  getItem(key) { return this.#items.get(key) ?? null; }
  setItem(key, value) { this.#items.set(key, value); }
  removeItem(key) { this.#items.delete(key); }
}

export async function until(condition, words, seconds = 20) {
  const end = performance.now() + seconds * 1000;
  while (!await condition()) {
    if (performance.now() > end) throw new Error(`waited ${seconds} s: ${words}`);
    await new Promise((done) => setTimeout(done, 20));
  }
}
