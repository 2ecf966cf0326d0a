/* Search and filter for the ledger.
 *
 * The rows are all in the page; this adds a form that hides those that do not match. A link to a
 * row clears the filter, so that the row is always found.
 */
(() => {
  "use strict";

  const NAMES = { event: "Event", metric: "Measure", claimant: "Claimant", kind: "Source kind" };

  function build(place) {
    const rows = Array.from(document.querySelectorAll("tr[data-event]"));
    if (!rows.length) return;
    const form = document.createElement("form");
    form.className = "ledger-filter";
    form.setAttribute("role", "search");
    form.setAttribute("aria-label", "Search the ledger");
    const words = document.createElement("input");
    words.type = "search";
    words.name = "words";
    words.autocomplete = "off";
    form.append(label("Words", words));
    const selects = Object.entries(NAMES).map(([key, name]) => {
      const select = document.createElement("select");
      select.name = key;
      const values = new Set(rows.map((row) => row.dataset[key]).filter(Boolean));
      select.append(new Option("all", ""));
      [...values]
        .sort((a, b) => a.localeCompare(b))
        .forEach((v) => select.append(new Option(v, v)));
      form.append(label(name, select));
      return select;
    });
    const status = document.createElement("p");
    status.setAttribute("role", "status");
    form.append(status);
    place.append(form);

    const tell = (shown) => (status.textContent = `${shown} of ${rows.length} claims`);
    let texts = null; // read from the rows with the first search, not while the page opens
    function apply() {
      texts ??= rows.map((row) => row.textContent.toLowerCase());
      const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      rows.forEach((row, i) => {
        const fits =
          wanted.every((word) => texts[i].includes(word)) &&
          selects.every((select) => !select.value || row.dataset[select.name] === select.value);
        row.hidden = !fits;
        shown += fits;
      });
      tell(shown);
      document.querySelectorAll(".table-record").forEach((table) => {
        const mine = Array.from(table.querySelectorAll("tr[data-event]"));
        table.hidden = mine.length > 0 && mine.every((row) => row.hidden);
      });
    }
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    window.addEventListener("hashchange", reveal);
    function reveal() {
      const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (!row?.hidden) return;
      form.reset();
      apply();
      row.scrollIntoView();
    }
    tell(rows.length);
  }

  function label(name, control) {
    const element = document.createElement("label");
    const text = document.createElement("span");
    text.textContent = name;
    element.append(text, control);
    return element;
  }

  document.addEventListener("DOMContentLoaded", () => {
    const place = document.querySelector(".ledger-tools");
    if (place) build(place);
  });
})();
