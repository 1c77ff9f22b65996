// Models that were learnt: how each did on the days that it had not seen, which one serves, train and go back.

import { button, h, setChildren, setShown } from "../shop/dom.js";
import { count, moment } from "../shop/words.js";
import { bytesInWords } from "./recs_numbers.js";
import { tableOf } from "./rates.js";

const outcomes = { "in-service": "is in service", refused: "was refused", "too-little": "had too little to learn from",
  failed: "failed" };

// "0.412 of 1,200" for each kind of question that was asked.
export function figuresInWords(figures) {
  const asked = Object.entries(figures).filter(([, { cases }]) => cases > 0);
  return asked.map(([kind, each]) => `${kind} ${each.hit_rate_at_20.toFixed(3)} of ${count(each.cases)}`).join(", ") ||
    "not compared";
}

export class RecsModels {
  #now = h("p", {});
  #kept = h("div", {});
  #last = h("div", {});
  #train;
  #context;
  #isThere = true;

  constructor(context) {
    this.#context = context;
    this.#train = button("Train now", () => this.#act("/recs/models/train", "The server learns in the background."));
    this.root = h("section", { class: "panel", "aria-label": "Models", hidden: true }, h("h2", {}, "Models"), this.#now,
      h("p", { class: "buttons" }, this.#train), this.#kept, this.#last);
  }

  async look() {
    if (!this.#isThere) return;
    try {
      this.#show(await this.#context.server.get("/recs/models"));
      setShown(this.root, true);
    } catch (refusal) {
      if (refusal.status !== 404) throw refusal;
      this.#isThere = false; // a server that learns nothing
    }
  }

  #show({ in_service, is_training, models, trainings }) {
    this.#now.textContent = `${in_service} is in service.${is_training ? " Another one is being learnt." : ""}`;
    this.#train.setAttribute("aria-disabled", String(is_training));
    setChildren(this.#kept, models, () => models.length > 0 && tableOf(
      "Kept models; of twenty recommendations, how often the next thing was among them",
      ["Version", "Learnt", "From", "Hit rate", "Memory", ""], models.map((each) => this.#rowOf(each))));
    setChildren(this.#last, trainings, () => trainings.length > 0 && h("details", {}, h("summary", {},
      `The last ${count(trainings.length)} trainings`), h("ul", { class: "audit" }, trainings.map((each) =>
      h("li", {}, h("p", {}, `${moment(each.at)}: ${each.version ?? "none"} ${outcomes[each.outcome]}`),
        each.reason && h("q", {}, each.reason), h("p", { class: "quiet" },
          `${figuresInWords(each.validation)}; in service then: ${figuresInWords(each.validation_in_service)}`))))));
  }

  #rowOf({ version, in_service, trained_at, learnt_from, validation, bytes }) {
    const back = in_service ? "in service" : button("Use this one", () =>
      this.#act(`/recs/models/${encodeURIComponent(version)}/activate`, `${version} will be in service.`), "small");
    const from = `${count(learnt_from.visits)} visits, ${count(learnt_from.histories)} histories`;
    return [version, moment(trained_at), from, figuresInWords(validation), bytesInWords(bytes), back];
  }

  #act(path, done) {
    return this.#context.act(async () => {
      await this.#context.server.change("POST", path);
      await this.look();
    }, done);
  }

  stop() {}
}
