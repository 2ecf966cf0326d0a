/* The page for queries: SQL over the database that the book offers for download.
 *
 * Nothing of SQLite or of the database is fetched before the reader runs a query, or follows a link
 * with one (`?sql=…`). Both are in a worker, query-worker.js.
 */
(() => {
  "use strict";

  const MOST_SHOWN = 200; // rows; the CSV has the others
  const WORKER = new URL("query-worker.js", document.currentScript.src);
  const FORMULA = /^[=+\-@\t\r\n]/; // text that a spreadsheet would run

  const count = (n) => n.toLocaleString("en");
  const linkTo = (sql) => `?${new URLSearchParams({ sql })}`;
  const sqlOf = (address) => new URLSearchParams(address.search).get("sql");

  function element(name, text = "", attributes = {}) {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  function build(place) {
    const form = place.querySelector("form");
    const result = place.querySelector(".query-result");
    const status = form.querySelector('[role="status"]');
    const alert = form.querySelector('[role="alert"]');
    const text = form.elements.sql;
    const { run, stop } = form.elements;
    const own = text.value; // the query that the page comes with
    let worker = null;
    let asked = 0; // number of the latest query
    let loaded = false;

    function say(words, fault = "", hint = "") {
      status.textContent = words;
      alert.replaceChildren(...[fault, hint].filter(Boolean).map((line) => element("p", line)));
      text.setAttribute("aria-invalid", String(Boolean(fault)));
    }

    function setRunning(running) {
      place.dataset.runState = running ? "running" : "done";
      if (!running && document.activeElement === stop) run.focus();
      stop.hidden = !running;
    }

    function halt() {
      worker?.terminate();
      worker = null;
      asked += 1;
      setRunning(false);
    }

    /* Run what is in the text area. `follow` brings the reader to the result. */
    function ask({ remember = true, follow = false } = {}) {
      const sql = text.value;
      if (place.dataset.runState === "running") halt();
      result.replaceChildren();
      if (location.protocol === "file:") return tellFolder();
      if (!sql.trim()) return say("", "There is no query.", "Write one, or choose a question.");
      if (remember && sql !== sqlOf(location)) history.pushState(null, "", linkTo(sql));
      say(loaded ? "Running …" : `Loading SQLite and the database (${place.dataset.size}) …`);
      setRunning(true);
      const id = ++asked;
      try {
        worker ??= new Worker(WORKER);
      } catch (error) {
        return fail(error.message);
      }
      worker.onerror = (event) => fail(event.message || "its worker could not be loaded.");
      worker.onmessage = ({ data }) => {
        if (data.id !== id) return;
        setRunning(false);
        loaded ||= !data.unloaded;
        if (data.error) return say("", data.error, data.hint);
        show(data, sql);
        if (follow) result.querySelector(".table-scroll")?.focus({ preventScroll: true });
      };
      const database = new URL(place.dataset.database, location).href;
      worker.postMessage({ id, database, sql });
    }

    function fail(message) {
      halt();
      say("", `SQLite could not be started: ${message}`, place.dataset.otherwise);
    }

    function tellFolder() {
      say(
        "",
        "Queries need a web server: a browser lets no page that is opened from a folder load the" +
          " database.",
        `Run “python3 -m http.server” in the folder of the book and open` +
          ` http://localhost:8000/${place.dataset.page}. ${place.dataset.otherwise}`,
      );
    }

    function show({ columns, rows, more, milliseconds, keys }, sql) {
      say(summary(columns, rows, more, Math.max(1, Math.round(milliseconds))));
      if (!columns.length) return;
      const file = new Blob([csv([columns, ...rows])], { type: "text/csv" });
      const bar = element("p", "", { class: "query-bar" });
      bar.append(
        element("a", "CSV of the result", {
          href: URL.createObjectURL(file),
          download: place.dataset.csv,
          class: "query-csv",
        }),
        element("a", "Link to this query", { href: linkTo(sql) }),
      );
      result.append(bar, table(columns, rows.slice(0, MOST_SHOWN), links(place, keys)));
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask();
    });
    stop.addEventListener("click", () => {
      halt();
      say("Stopped.");
    });
    text.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      ask();
    });
    for (const link of place.querySelectorAll(".query-questions a")) {
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return; // to a tab of its own
        event.preventDefault();
        text.value = sqlOf(link);
        form.scrollIntoView();
        ask({ follow: true });
      });
    }

    /* Do as the address says: with a query in it, a link has asked already. */
    function restore() {
      const sql = sqlOf(location);
      text.value = sql ?? own;
      if (sql !== null) return ask({ remember: false });
      if (place.dataset.runState === "running") halt();
      result.replaceChildren();
      if (location.protocol === "file:") tellFolder();
      else say("");
    }
    window.addEventListener("popstate", restore);
    restore();
  }

  function summary(columns, rows, more, milliseconds) {
    if (!columns.length) return `Done in ${milliseconds} ms; nothing to show.`;
    const cut = `The first ${MOST_SHOWN} are shown`;
    if (more) {
      const read = count(rows.length);
      return `More than ${read} rows; stopped after ${milliseconds} ms. ${cut}; the CSV has ${read}.`;
    }
    const found = `${rows.length ? count(rows.length) : "No"} row${rows.length === 1 ? "" : "s"}`;
    const all = rows.length > MOST_SHOWN ? ` ${cut}; the CSV has all.` : "";
    return `${found} in ${milliseconds} ms.${all}`;
  }

  function table(columns, rows, link) {
    const made = element("table");
    made.append(element("caption", "Result"));
    const head = made.createTHead().insertRow();
    for (const name of columns) head.append(element("th", name, { scope: "col" }));
    const body = made.createTBody();
    for (const row of rows) {
      const line = body.insertRow();
      row.forEach((value, i) => {
        const cell = line.insertCell();
        if (value === null) cell.append(element("span", "NULL", { class: "muted" }));
        else if (typeof value === "number") cell.append(String(value));
        else cell.append(...link(columns[i], value));
        cell.classList.toggle("number", typeof value === "number");
      });
    }
    const scroll = element("div", "", {
      class: "table-scroll",
      tabindex: "0",
      role: "region",
      "aria-label": "Result of the query",
    });
    scroll.append(made);
    return scroll;
  }

  /* What makes links of keys: those that a column's name promises, else those of one table alone. */
  function links(place, keys) {
    const pages = JSON.parse(place.dataset.pages); // table → where its rows are
    const columns = JSON.parse(place.dataset.columns); // column → tables whose keys it holds
    const known = new Map(Object.keys(pages).map((name) => [name, new Set(keys[name])]));
    const row = (column, key) => {
      const tables = (columns[column] ?? [...known.keys()]).filter((t) => known.get(t)?.has(key));
      return tables.length === 1 ? pages[tables[0]] + encodeURIComponent(key) : null;
    };
    return (column, value) => {
      const parts = value.split(/([;,]\s*)/); // a list, as cells hold it or group_concat makes it
      const places = parts.map((part, i) => (i % 2 ? "" : row(column, part)));
      if (places.includes(null)) return [value];
      return parts.map((part, i) => (i % 2 ? part : element("a", part, { href: places[i] })));
    };
  }

  function csv(rows) {
    const field = (value) => {
      if (value === null) return "";
      const safe = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
      return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
    };
    return rows.map((row) => `${row.map(field).join(",")}\n`).join("");
  }

  const place = document.querySelector(".query-console");
  if (place) build(place);
})();
