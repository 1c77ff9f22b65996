// One tag on any page of a shop, wherever it comes from:
//
//   <script src="https://shop.example/client/recommendations.js" async
//           data-surface="home" data-n="8" data-item="camera" data-target="#more" data-heading="More"></script>
//
// It tells that somebody looks at `data-item`, shows what the server of this script recommends, and tells which of it
// was seen and followed. Where the server does not answer, the page is as it was. docs/recs/README.md

import { Offers } from "./offers.js";

// It is no more than an offer.
if (document.currentScript) new Offers(document.currentScript, globalThis).show().catch(() => {});
