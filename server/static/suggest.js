// Suggestions below search boxes and fields for things (WAI-ARIA combobox with a list); without this module they are plain.

const PAUSE = 120; // milliseconds after the last key before the server is asked
const BOXES = document.querySelectorAll("[data-suggest]");

/** Suggests names for the input in a box: a choice leads to its page, or is written into a field for things of a kind. */
class Suggestions {
  constructor(box, number) {
    this.box = box;
    this.input = box.querySelector("input");
    this.list = document.createElement("ul");
    this.list.id = `suggestions-${number}`;
    this.list.className = "suggestions";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Suggestions");
    this.list.hidden = true;
    this.chosen = -1;
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", this.list.id]]) {
      this.input.setAttribute(name, value);
    }
    box.append(this.list);
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), PAUSE));
  }

  /** Asks when no key has come for a moment. */
  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const text = this.parts().at(-1);
    this.asked?.abort();
    if (!text) return this.close();
    this.asked = new AbortController();
    try {
      const { suggest, kind } = this.box.dataset;
      const address = `${suggest}?${new URLSearchParams(kind ? { q: text, kind } : { q: text })}`;
      const answer = await fetch(address, { signal: this.asked.signal });
      if (answer.ok) this.show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") this.close(); // without an answer, the form still searches
    }
  }

  /** Returns what the input holds: of a field for things their names, of which the last is being written. */
  parts() {
    const text = this.input.value;
    return (this.box.dataset.kind ? text.split(";") : [text]).map((each) => each.trim());
  }

  /** Goes to the page of a choice, or writes its path into the field. */
  take(link) {
    if (!this.box.dataset.kind) return location.assign(link);
    const path = new URL(link).pathname.split("/page/")[1];
    this.input.value = [...this.parts().slice(0, -1), path].join("; ");
    this.close();
  }

  show([, labels, kinds, links]) {
    this.chosen = -1;
    this.list.replaceChildren(...labels.map((label, number) => this.option(label, kinds[number], links[number], number)));
    this.list.hidden = labels.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.input.removeAttribute("aria-activedescendant");
  }

  option(label, kind, link, number) {
    const item = document.createElement("li");
    const hint = document.createElement("span");
    item.id = `${this.list.id}-${number}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.link = link;
    hint.className = "hint";
    hint.textContent = kind;
    item.append(`${label} `, hint);
    item.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // keeps the focus in the box
      this.take(link);
    });
    return item;
  }

  key(event) {
    const count = this.list.children.length;
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault(); // a search box would lose its text
      this.close();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count && !this.list.hidden) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.choose(((this.chosen + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (event.key === "Enter" && this.chosen >= 0) {
      event.preventDefault();
      this.take(this.list.children[this.chosen].dataset.link);
    }
  }

  /** Marks an option; -1 is the box itself. */
  choose(number) {
    this.list.children[this.chosen]?.setAttribute("aria-selected", "false");
    this.chosen = number;
    const item = this.list.children[number];
    item?.setAttribute("aria-selected", "true");
    item?.scrollIntoView({ block: "nearest" });
    if (item) this.input.setAttribute("aria-activedescendant", item.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.chosen = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

BOXES.forEach((box, number) => new Suggestions(box, number));
