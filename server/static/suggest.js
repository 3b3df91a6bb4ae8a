// Suggestions below each search box (WAI-ARIA combobox with a list); without this module the box is a plain form.

const PAUSE = 120; // milliseconds after the last key before the server is asked
const FORMS = document.querySelectorAll("form.search");

/** Suggests names for the input of one form. */
class Suggestions {
  constructor(form, number) {
    this.form = form;
    this.input = form.querySelector("input[type=search]");
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
    form.append(this.list);
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
    const text = this.input.value.trim();
    this.asked?.abort();
    if (!text) return this.close();
    this.asked = new AbortController();
    try {
      const address = `${this.form.dataset.suggest}?${new URLSearchParams({ q: text })}`;
      const answer = await fetch(address, { signal: this.asked.signal });
      if (answer.ok) this.show(await answer.json());
    } catch (error) {
      if (error.name !== "AbortError") this.close(); // without an answer, the form still searches
    }
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
      location.assign(link);
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
      location.assign(this.list.children[this.chosen].dataset.link);
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

FORMS.forEach((form, number) => new Suggestions(form, number));
