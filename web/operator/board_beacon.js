// A draw that waits for a beacon: what for, since when, and the field for its value once that is due.

import { button, h, setChildren, setText } from "../shop/dom.js";
import { left, moment, roundOf } from "../shop/words.js";
import { askReason } from "./ask_reason.js";

const isValue = (text) => /^([0-9a-f]{2}){1,64}$/.test(text);

export class BoardBeacon {
  #value = h("input", { id: "beacon-value", type: "text", autocomplete: "off", spellcheck: "false",
    "aria-describedby": "beacon-wrong" });
  #wrong = h("p", { id: "beacon-wrong", class: "wrong" });
  #until = h("b", { class: "digits" });
  #beacon = null;

  constructor(context, id, refresh) {
    this.context = context;
    this.path = `/sales/${encodeURIComponent(id)}/beacon`;
    this.refresh = refresh;
    this.root = h("div", {});
    this.#value.addEventListener("input", () => this.#say(""));
  }

  show(sale, now) {
    this.#beacon = sale.draw?.beacon ?? null;
    const stage = this.#beacon ? this.#stageOf(sale, now) : "none";
    setChildren(this.root, [stage, this.#beacon?.value], () => this.#parts(stage));
    if (this.#beacon) setText(this.#until, left(Date.parse(this.#beacon.published_at) - now));
  }

  #stageOf(sale, now) {
    if (sale.draw.drawn) return "drawn";
    if (sale.state === "closed") return "never";
    if (sale.state !== "open" && sale.state !== "paused") return "early";
    return now < Date.parse(this.#beacon.published_at) ? "waiting" : "due";
  }

  #parts(stage) {
    const round = this.#beacon && roundOf(this.#beacon);
    const at = this.#beacon && moment(this.#beacon.published_at);
    const note = (look, ...words) => h("div", { class: `note ${look}` }, ...words);
    if (stage === "early") {
      return note("", h("p", {}, `Places will be drawn with ${round}, public ${at}. The sale has to open before that: `,
        "a server that is away until then closes it instead."));
    }
    if (stage === "waiting") {
      return note("", h("p", {}, `The list is closed. Places are drawn with ${round}, which is public in `, this.#until,
        ": its value is to be given here then."));
    }
    if (stage === "due") return note("bad", ...this.#question(round));
    if (stage === "never") {
      return note("", h("p", {}, `Closed before anything was drawn. It waited for ${round}, public ${at}; the audit `,
        "trail says why."));
    }
    if (stage === "none") return [];
    return h("p", { class: "quiet drawn-with" }, `Drawn with ${round}: `, h("code", {}, this.#beacon.value));
  }

  #question(round) {
    return [
      h("p", {}, h("strong", {}, "Everybody waits for the beacon. "), `Its ${round} is public: look its value up, and `,
        "give it here. With it the places are drawn and offers go out; it can't be changed then."),
      h("div", { class: "field" }, h("label", { for: "beacon-value" }, "Value of the round, in hexadecimal"),
        h("div", { class: "inline" }, this.#value, button("Draw …", () => this.#give(), "main")), this.#wrong),
    ];
  }

  #say(wrong) {
    setText(this.#wrong, wrong);
    if (wrong) this.#value.setAttribute("aria-invalid", "true");
    else this.#value.removeAttribute("aria-invalid");
  }

  async #give() {
    const value = this.#value.value.trim().toLowerCase().replace(/^0x/, "");
    if (!isValue(value)) {
      this.#say("A value is 1 to 64 bytes: pairs of the digits 0-9 and a-f. drand calls it “randomness”.");
      return this.#value.focus();
    }
    const { source, round } = this.#beacon;
    const reason = await askReason({ question: "Draw the places with this value?", yes: "Draw",
      text: `Everybody can compare it with round ${round} of ${source}: ${value}` });
    if (reason === null) return;
    const doing = () => this.context.server.act("POST", this.path, { value, reason });
    await this.context.act(doing, "The places are drawn.");
    this.refresh();
  }
}
