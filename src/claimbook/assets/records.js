/* Search, filters, order and download for the tables of a page.
 *
 * The rows are all in the page; this adds a form that hides those that do not fit, and buttons in
 * the heads that sort. Every state is in the address. A link to a row clears the filters, so that
 * the row is always found; an address that names rows (?rows=), as a mark of a chart does, shows these
 * alone. Directive and style: `.record-tools` names the filters (data-filters), what
 * the rows are called (data-noun), and other names of actors and places (data-names).
 */
(() => {
  "use strict";

  const MONTHS =
    "January February March April May June July August September October November December";
  const DATE = new RegExp(`(\\d{1,2}) (${MONTHS.split(" ").join("|")}) (\\d{4})`);
  const SHORT = 6; // rows of a table that a phone shows at first, as the style sheet has it
  const BREAKS = ["BR", "DIV"]; // where a line of a cell begins

  const { finder, forms, words } = window.claimbookText;

  function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  /* The lines of a cell; a head such as "Claimant, dates" names them. */
  function lines(cell) {
    const found = [""];
    for (const node of cell.childNodes) {
      if (BREAKS.includes(node.nodeName)) found.push("");
      if (!node.classList?.contains("cite-button")) found[found.length - 1] += node.textContent;
    }
    return found.map((line) => line.replace(/\s+/g, " ").trim());
  }

  class Records {
    constructor(place) {
      this.noun = place.dataset.noun ?? "rows";
      this.names = Object.entries(JSON.parse(place.dataset.names ?? "{}"));
      this.tables = [...document.querySelectorAll(".table-record")];
      this.rows = this.tables.flatMap((table) => [...table.querySelectorAll("tbody tr[id]")]);
      this.places = new Map(); // in the order of the record
      this.sorted = ""; // as they are in the page
      this.form = this.build(place);
      this.tables.forEach((table) => this.heads(table));
      this.tables.forEach((table) => this.shorten(table));
      this.form.addEventListener("input", () => this.changed());
      this.form.addEventListener("submit", (event) => event.preventDefault());
      this.form.addEventListener("reset", () => {
        this.only = null;
        setTimeout(() => this.changed());
      });
      window.addEventListener("hashchange", () => this.reveal());
      this.read();
      this.apply();
      this.reveal();
    }

    build(place) {
      const form = element("form", { className: "record-filter" });
      form.setAttribute("role", "search");
      form.setAttribute("aria-label", `Search the ${this.noun}`);
      this.words = element("input", { type: "search", name: "q", autocomplete: "off" });
      form.append(this.label("Words", this.words));
      this.selects = Object.entries(JSON.parse(place.dataset.filters ?? "{}")).map(
        ([key, name]) => {
          const select = element("select", { name: key });
          select.append(new Option("all", ""));
          const values = new Set(this.rows.map((row) => row.dataset[key]).filter(Boolean));
          [...values]
            .sort((a, b) => a.localeCompare(b))
            .forEach((value) => select.append(new Option(value, value)));
          form.append(this.label(name, select));
          return select;
        },
      );
      this.orders = this.orderChoice();
      form.append(this.label("Order", this.orders));
      this.status = element("p");
      this.status.setAttribute("role", "status");
      this.save = element("button", { type: "button", textContent: "Download as CSV" });
      this.save.addEventListener("click", () => this.download());
      const clear = element("button", { type: "reset", textContent: "Clear" });
      form.append(this.status, element("p", { className: "record-buttons" }, this.save, clear));
      place.append(form);
      return form;
    }

    label(name, control) {
      return element("label", {}, element("span", { textContent: name }), control);
    }

    /* The same as the buttons in the heads, for a phone that shows none. */
    orderChoice() {
      const select = element("select", { name: "sort" });
      select.append(new Option("as in the record", ""));
      const heads = new Set(
        this.tables.flatMap((table) =>
          [...table.querySelectorAll("thead th")].flatMap((head) => head.textContent.split(", ")),
        ),
      );
      heads.forEach((head) => {
        const name = head.charAt(0).toUpperCase() + head.slice(1);
        select.append(new Option(name, `${head.toLowerCase()}:up`));
        select.append(new Option(`${name}, last first`, `${head.toLowerCase()}:down`));
      });
      return select;
    }

    /* What a row is found by: its text and the other names of whoever it names. */
    texts() {
      this.found ??= this.rows.map((row) => {
        const text = row.textContent;
        const more = this.names.filter(([name]) => text.includes(name)).flatMap(([, all]) => all);
        return forms([text, row.id, ...Object.values(row.dataset), ...more].join(" "));
      });
      return this.found;
    }

    changed() {
      this.sort(...this.orders.value.split(/:(?=[^:]*$)/));
      this.apply();
      this.write();
    }

    apply() {
      const wanted = words(this.words.value).map(finder);
      const texts = wanted.length ? this.texts() : [];
      const worded = this.rows.map((_, i) => wanted.every((test) => test(texts[i])));
      if (this.only) this.rows.forEach((row, i) => (worded[i] &&= this.only.has(row.id)));
      const fits = (row, select) => !select.value || row.dataset[select.name] === select.value;
      const misses = this.rows.map((row) => this.selects.filter((select) => !fits(row, select)));
      let shown = 0;
      this.rows.forEach((row, i) => {
        row.hidden = !worded[i] || misses[i].length > 0;
        shown += !row.hidden;
      });
      // How many rows a choice would leave, with all other filters as they are.
      this.selects.forEach((select) => {
        const counts = new Map();
        this.rows.forEach((row, i) => {
          if (!worded[i] || misses[i].some((other) => other !== select)) return;
          const value = row.dataset[select.name];
          counts.set(value, (counts.get(value) ?? 0) + 1);
        });
        for (const option of select.options) {
          if (!option.value) continue;
          const count = counts.get(option.value) ?? 0;
          option.textContent = `${option.value} (${count})`;
          option.disabled = !count && option.value !== select.value;
        }
      });
      this.tables.forEach((table) => {
        const mine = [...table.querySelectorAll("tbody tr[id]")];
        table.hidden = mine.every((row) => row.hidden);
        table.classList.toggle("filtered", shown < this.rows.length);
      });
      // A heading without a row left below it goes too, with its own entry in the contents.
      document.querySelectorAll(".bd-article section section").forEach((section) => {
        const inside = section.querySelectorAll(".table-record");
        section.hidden = inside.length > 0 && [...inside].every((table) => table.hidden);
      });
      const count = `${shown.toLocaleString("en")} of ${this.rows.length.toLocaleString("en")} ${this.noun}`;
      this.status.textContent = !shown
        ? `${count}: nothing fits. Try fewer words or filters.`
        : this.only
          ? `${count}, those behind a mark of a chart. “Clear” shows all.`
          : count;
      this.save.disabled = !shown;
    }

    /* ---- The state in the address ---- */

    read() {
      const state = new URLSearchParams(location.search);
      this.only = state.has("rows") ? new Set(state.get("rows").split(",")) : null;
      this.words.value = state.get("q") ?? "";
      this.selects.forEach((select) => {
        const value = state.get(select.name) ?? "";
        select.value = [...select.options].some((option) => option.value === value) ? value : "";
      });
      this.orders.value = state.get("sort") ?? "";
      if (this.orders.selectedIndex < 0) this.orders.value = "";
      this.sort(...this.orders.value.split(/:(?=[^:]*$)/));
    }

    write(keepHash = false) {
      const state = new URLSearchParams();
      [this.words, ...this.selects, this.orders].forEach(
        ({ name, value }) => value && state.set(name, value),
      );
      if (this.only) state.set("rows", [...this.only].join(","));
      const query = state.size ? `?${state}`.replaceAll("%2C", ",") : "";
      try {
        history.replaceState(null, "", location.pathname + query + (keepHash ? location.hash : ""));
      } catch {
        // A page opened as a file keeps its address.
      }
    }

    reveal() {
      const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!row) return;
      if (row.hidden || row.closest("section[hidden]")) {
        this.words.value = "";
        this.selects.forEach((select) => (select.value = ""));
        this.only = null;
        this.apply();
        this.write(true);
      }
      row.closest(".table-record")?.classList.add("whole");
      row.scrollIntoView();
    }

    /* ---- Order ---- */

    heads(table) {
      [...table.querySelectorAll("thead th")].forEach((head) => {
        const names = head.textContent.split(", ");
        head.replaceChildren(
          ...names.flatMap((name, i) => {
            const button = element("button", {
              type: "button",
              className: "sort",
              textContent: name,
            });
            button.dataset.head = name.toLowerCase();
            button.addEventListener("click", () => {
              const key = button.dataset.head;
              // Up, down, and back to the order of the record.
              this.orders.value =
                { [`${key}:up`]: `${key}:down`, [`${key}:down`]: "" }[this.orders.value] ??
                `${key}:up`;
              this.changed();
            });
            return i ? [", ", button] : [button];
          }),
        );
      });
    }

    sort(name, direction) {
      const order = name ? `${name}:${direction}` : "";
      if (this.sorted === order) return;
      this.sorted = order;
      const down = direction === "down";
      this.tables.forEach((table) => {
        const body = table.querySelector("tbody");
        const rows = [...body.rows];
        rows.forEach((row, i) => this.places.has(row) || this.places.set(row, i));
        const heads = [...table.querySelectorAll("thead th")];
        const column = heads.findIndex((head) =>
          [...head.querySelectorAll(".sort")].some((button) => button.dataset.head === name),
        );
        heads.forEach((head, i) => {
          if (i === column) head.setAttribute("aria-sort", down ? "descending" : "ascending");
          else head.removeAttribute("aria-sort");
        });
        const line =
          column < 0
            ? 0
            : [...heads[column].querySelectorAll(".sort")].findIndex(
                (button) => button.dataset.head === name,
              );
        const keys = new Map(
          rows.map((row) => [row, column < 0 ? "" : (lines(row.cells[column])[line] ?? "")]),
        );
        const value = comparable([...keys.values()]);
        const values = new Map(rows.map((row) => [row, value(keys.get(row))]));
        const blank = (row) => values.get(row) === "" || Number.isNaN(values.get(row));
        const compare = (a, b) =>
          typeof a === "number" ? a - b : a.localeCompare(b, "en", { numeric: true });
        rows.sort(
          (a, b) =>
            blank(a) - blank(b) ||
            (blank(a) ? 0 : compare(values.get(a), values.get(b)) * (down ? -1 : 1)) ||
            this.places.get(a) - this.places.get(b),
        );
        body.append(...rows);
      });
      this.rows = this.tables.flatMap((table) => [...table.querySelectorAll("tbody tr[id]")]);
      this.found = undefined;
    }

    /* ---- A phone's first look, and a file to take away ---- */

    shorten(table) {
      const count = table.querySelectorAll("tbody tr[id]").length;
      if (count <= SHORT) return;
      const button = element("button", {
        type: "button",
        className: "record-more",
        textContent: `Show all ${count} rows`,
      });
      button.addEventListener("click", () => table.classList.add("whole"));
      table.after(button);
    }

    download() {
      const quoted = (text) => {
        const safe =
          /^[=+\-@\t\r\n]/.test(text) && !/^[+-]?\d+([.,]\d+)?$/.test(text) ? `'${text}` : text;
        return `"${safe.replaceAll('"', '""')}"`;
      };
      const out = [];
      this.tables.forEach((table) => {
        const rows = [...table.querySelectorAll("tbody tr[id]")].filter((row) => !row.hidden);
        if (!rows.length) return;
        const heads = [...table.querySelectorAll("thead th")].map((head) =>
          head.textContent.split(", "),
        );
        const names = ["id", ...heads.flat(), "links"].join("\u0000");
        if (out.names !== names) out.push(names.split("\u0000").map(quoted).join(","));
        out.names = names;
        rows.forEach((row) => {
          const cells = heads.flatMap((parts, i) => {
            const found = lines(row.cells[i]);
            const last = parts.length - 1;
            return parts.map((_, n) =>
              n < last ? (found[n] ?? "") : found.slice(n).filter(Boolean).join("; "),
            );
          });
          const links = [...row.querySelectorAll("a[href]")].map((link) => link.href).join(" ");
          out.push([row.id, ...cells, links].map(quoted).join(","));
        });
      });
      const file = new Blob([`\ufeff${out.join("\r\n")}\r\n`], { type: "text/csv" });
      const link = element("a", {
        href: URL.createObjectURL(file),
        download: `${this.noun.replaceAll(" ", "-")}.csv`,
      });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    }
  }

  /* Dates, numbers or text, whichever most of the values are: what to compare them by. */
  function comparable(values) {
    const filled = values.filter(Boolean);
    const most = (test) => filled.filter((text) => test.test(text)).length > 0.7 * filled.length;
    if (most(DATE)) {
      return (text) => {
        const [, day, month, year] = text.match(DATE) ?? [];
        return day ? Date.UTC(year, MONTHS.split(" ").indexOf(month), day) : NaN;
      };
    }
    if (most(/^\D{0,14}\d/)) {
      return (text) => parseFloat(text.replaceAll(",", "").match(/\d+(\.\d+)?/)?.[0]);
    }
    return (text) => text;
  }

  // Deferred, this runs once the page is read: before another script asks for sizes, so that the
  // page is laid out once.
  const place = document.querySelector(".record-tools");
  if (place) new Records(place);
})();
