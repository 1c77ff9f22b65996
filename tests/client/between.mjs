// Stands between the client and the real server, as a proxy, a rate limiter or a bad network would.

import { createServer, request } from "node:http";
import { Transform, pipeline } from "node:stream";

import { freePort } from "./shop_server.mjs";

// Waits for the end of a body before it passes on more than so many pieces, as proxies with buffers do.
class Holding extends Transform {
  #kept = [];

  constructor(passed) {
    super();
    this.passed = passed;
  }

  _transform(piece, _encoding, done) {
    if (this.passed-- > 0) this.push(piece);
    else this.#kept.push(piece);
    done();
  }

  _flush(done) {
    done(null, Buffer.concat(this.#kept));
  }
}

export class Between {
  seen = []; // { method, path, key, at }
  refuse = () => null; // (method, path) => { status, headers } instead of the server's answer
  passed = () => Infinity; // (path) => how many pieces of a body get through before it has ended
  #server = null;
  #sockets = new Set();

  constructor(target) {
    this.target = target;
  }

  static async before(shop) {
    const between = new Between(shop);
    between.port = await freePort();
    between.url = `http://127.0.0.1:${between.port}`;
    await between.open();
    return between;
  }

  async open() {
    this.#server = createServer((asked, answer) => this.#pass(asked, answer));
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    await new Promise((done) => this.#server.listen(this.port, "127.0.0.1", done));
  }

  // Cuts all connections and takes no more, until open().
  async cut() {
    const closed = new Promise((done) => this.#server.close(done));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  requests(method, part) {
    return this.seen.filter((each) => each.method === method && each.path.includes(part));
  }

  #pass(asked, answer) {
    const key = asked.headers["idempotency-key"];
    this.seen.push({ method: asked.method, path: asked.url, key, at: performance.now() });
    const refusal = this.refuse(asked.method, asked.url);
    if (refusal) {
      answer.writeHead(refusal.status, refusal.headers);
      answer.end("<h1>not now</h1>");
      return;
    }
    const how = { host: "127.0.0.1", port: this.target.port, method: asked.method, path: asked.url,
      headers: asked.headers };
    const further = request(how, (got) => {
      answer.writeHead(got.statusCode, got.headers);
      // A server that is gone in the middle is gone for the client, too.
      pipeline(got, new Holding(this.passed(asked.url)), answer, () => {});
    });
    further.on("error", () => answer.destroy());
    answer.on("close", () => further.destroy());
    asked.pipe(further);
  }
}
