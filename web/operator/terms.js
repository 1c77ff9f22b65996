// What an operator calls a sale's counts; what has no name is not there.

import { isNet } from "../shop/words.js";

const ofSales = { waiting: "Waiting", offered: "Offered", held: "Held", paying: "Paying", sold: "Sold",
  available: "Available" };
const ofNets = { waiting: "Waiting", offered: "Called", held: "Inside", available: "Free" };

export function terms(sale) {
  return isNet(sale) ? ofNets : ofSales;
}
