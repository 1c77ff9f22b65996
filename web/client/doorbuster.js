// Doorbuster's client for any page: join a sale's queue, wait, take the offer, reserve, pay. No dependencies; the
// server serves it in one piece.
//
//   import { Doorbuster } from "/client/doorbuster.js";
//   const visit = new Doorbuster().visit("ps5");
//   await visit.join();
//   const turn = await visit.wait();            // survives lost networks and restarts of the server
//   if (turn.state === "offered") {
//     await visit.claim();
//     location.assign((await visit.pay()).redirect_url);
//   }
//
// What a customer has in a sale is one thing at a time, `visit.current`: an entry in the queue, a hold or an order, as
// the server told it, with its `kind`. Only ids are kept in the browser; what they are worth is asked from the server.

export { Doorbuster } from "./server.js";
export { ChangeEvent, Visit } from "./visit.js";
export { Refusal } from "./refusal.js";
