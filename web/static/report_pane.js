// The brand's screen shows its report, the page a brand opens; its chat is one press away.

import { element } from "./lines.js";
import { current, words } from "./words.js";

const VIEWS = ["report", "chat"];

export class ReportPane {
  // `address` leads into the report of the sample's brand.
  constructor(pane, address) {
    Object.assign(this, { pane, address });
    this.frame = element("iframe", "report");
    this.choice = element("fieldset", "switch view");
    this.choice.append(element("legend", "hidden"), ...VIEWS.map((view) => this.option(view)));
    pane.node.querySelector("header").append(this.choice);
    pane.node.querySelector(".chat").before(this.frame);
    this.show("report");
    this.translate();
  }

  option(view) {
    const label = element("label");
    const radio = element("input");
    Object.assign(radio, { type: "radio", name: `view-${this.pane.id}`, value: view });
    radio.addEventListener("change", () => this.show(view));
    label.append(radio, element("span"));
    return label;
  }

  show(view) {
    this.pane.node.dataset.view = view;
    this.choice.querySelector(`[value=${view}]`).checked = true;
    if (view === "chat") this.pane.redraw();
  }

  translate() {
    this.frame.title = words("report_of");
    this.choice.querySelector("legend").textContent = words("view");
    for (const view of VIEWS) {
      this.choice.querySelector(`[value=${view}]`).nextElementSibling.textContent = words(view);
    }
    this.open();
  }

  open() {
    this.frame.src = `${this.address}?language=${current()}`;
  }
}
