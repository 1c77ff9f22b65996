// Short links as somebody uses them who has nothing but the API's document: npm's `openapi-client-axios` makes a client
// of it. Prints what it saw as a line of JSON.
//
// Usage: node client.js DOCUMENT.json ADDRESS KEY

import { readFileSync } from "node:fs";

import { OpenAPIClientAxios } from "openapi-client-axios";

const [file, address, key] = process.argv.slice(2);
const api = new OpenAPIClientAxios({
  definition: JSON.parse(readFileSync(file, "utf8")),
  withServer: { url: address },
  axiosConfigDefaults: {
    headers: { Authorization: `Bearer ${key}` },
    maxRedirects: 0,
    validateStatus: (status) => status < 400,
  },
});
const client = await api.init();

const moved = [{ domain: "old.example", key: "moved", url: "https://shop.example/moved", clicks: 7 }];
const imported = await client.importLinks({ format: "dub" }, moved);
const made = await client.createLink(null, { long_url: "https://shop.example/drop", tags: ["mail"] });
const code = made.data.short_code;
const followed = await client.followLink({ code }, null, { headers: { Authorization: "" } });
const read = await client.showLink({ code });
const changed = await client.changeLink({ code }, { title: "Letter" }, { headers: { "If-Match": read.headers.etag } });
let analytics;
for (let tries = 0; tries < 200 && !analytics?.data.total_clicks; ++tries) {
  await new Promise((resolve) => setTimeout(resolve, 50));
  analytics = await client.showAnalytics({ code });
}
const ofMoved = await client.showAnalytics({ code: "moved" });
const listed = await client.listLinks({ limit: 10 });
await client.deleteLink({ code });
console.log(JSON.stringify({
  imported: imported.data.created,
  made: made.status,
  followed: [followed.status, followed.headers.location],
  read: read.data.long_url,
  changed: changed.data.title,
  clicks: analytics.data.total_clicks,
  moved: ofMoved.data.imported.clicks,
  listed: listed.data.links.map((link) => link.short_code).includes(code),
}));
