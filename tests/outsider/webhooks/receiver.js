// A shop's receiver as a stranger would write it: the signature by the public library of Standard Webhooks, the body by
// that of CloudEvents. Prints its address, then a line of JSON for each request.
//
// Usage: node receiver.js SECRET

import http from "node:http";

import { HTTP } from "cloudevents";
import { Webhook } from "standardwebhooks";

const webhook = new Webhook(process.argv[2]);

function take(headers, body) {
  webhook.verify(body, headers);
  const parsed = HTTP.toEvent({ headers, body });
  const events = Array.isArray(parsed) ? parsed : [parsed];
  for (const event of events) event.validate();
  return { batch: Array.isArray(parsed), events: events.map(({ id, type, partitionkey, sequence }) =>
    ({ id, type, partitionkey, sequence })) };
}

const server = http.createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const body = Buffer.concat(parts).toString();
    let told;
    try {
      told = take(request.headers, body);
    } catch (trouble) {
      told = { trouble: String(trouble), body };
    }
    response.writeHead(told.trouble ? 400 : 204).end();
    console.log(JSON.stringify(told));
  });
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/hook`));
