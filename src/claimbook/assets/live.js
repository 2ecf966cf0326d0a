/* The cells of a live page: each has a button that runs it, and its code can be edited.
 *
 * Python is in a worker, live-worker.js, which begins with the first cell that is run. A cell is
 * `running`, `done` or `failed` in its attribute data-run-state. What it shows takes the place of
 * what the book shows, until the reader resets it.
 */
(() => {
  "use strict";

  const WORKER = new URL("live-worker.js", document.currentScript.src);
  const { cells: sources, ...page } = JSON.parse(document.getElementById("live-cells").textContent);

  let worker = null;
  let asked = 0; // number of the latest run
  const runs = new Map(); // number of a run that has not ended → its cell

  function element(name, text = "", attributes = {}) {
    const made = document.createElement(name);
    made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  class Cell {
    constructor(place) {
      this.place = place;
      this.number = Number(place.dataset.cell);
      this.source = sources[this.number];
      this.built = place.querySelector(":scope > .cell_output");
      this.output = this.built;
      this.fresh = null; // what the present run has shown so far
      this.edit();
      this.operate();
    }

    get name() {
      return `cell ${this.number + 1}`;
    }

    /* Lay a text area over the code; the code itself gives it its size, and its colours at first. */
    edit() {
      this.code = this.place.querySelector(".highlight pre");
      this.coloured = [...this.code.childNodes];
      for (const name of ["tabindex", "role", "aria-label"]) this.code.removeAttribute(name);
      this.code.setAttribute("aria-hidden", "true");
      this.text = element("textarea", "", {
        class: "live-source",
        spellcheck: "false",
        autocapitalize: "off",
        autocomplete: "off",
        wrap: "soft",
        rows: "1",
        "aria-label": `Code of ${this.name}`,
      });
      this.text.value = this.source;
      this.code.parentElement.classList.add("live-code");
      this.code.before(this.text);
      this.text.addEventListener("input", () => this.changed());
      this.text.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey || event.shiftKey)) return;
        event.preventDefault();
        this.start();
      });
    }

    operate() {
      const button = (text, act) => {
        const made = element("button", text, {
          type: "button",
          "aria-label": `${text} ${this.name}`,
        });
        made.addEventListener("click", act);
        return made;
      };
      this.run = button("Run", () => this.start());
      this.stop = button("Stop", stop);
      this.reset = button("Reset", () => this.restore());
      this.status = element("span", "", { role: "status" });
      this.stop.hidden = this.reset.hidden = true;
      const bar = element("div", "", { class: "live-bar" });
      bar.append(this.run, this.stop, this.reset, this.status);
      this.place.prepend(bar);
    }

    changed() {
      const edited = this.text.value !== this.source;
      // A line that ends the text needs another letter to have its height.
      this.code.replaceChildren(...(edited ? [`${this.text.value}\n`] : this.coloured));
      this.place.classList.toggle("live-edited", edited);
      this.reset.hidden = !edited && !this.place.dataset.runState;
    }

    start() {
      if (location.protocol === "file:") return tellFolder(this);
      asked += 1;
      runs.set(asked, this);
      this.set("running");
      this.status.textContent = runs.size > 1 ? "Waiting for another cell …" : "Starting …";
      try {
        worker ??= connected(new Worker(WORKER));
      } catch (error) {
        return lose(error.message);
      }
      const now = cells.map((cell) => cell.text.value);
      worker.postMessage({ id: asked, cells: now, number: this.number, page });
    }

    /* Bring back code and output of the book, and forget what the reader's code has set. */
    restore() {
      if (runs.size) stop();
      worker?.postMessage({ reset: true });
      this.text.value = this.source;
      this.show(this.built);
      this.set("");
      this.changed();
      this.status.textContent = "";
      this.run.focus();
    }

    set(state) {
      if (state) this.place.dataset.runState = state;
      else delete this.place.dataset.runState;
      const running = state === "running";
      if (running) {
        this.fresh = null;
        this.since = performance.now();
      }
      if (!running && document.activeElement === this.stop) this.run.focus();
      this.stop.hidden = !running;
      this.changed();
    }

    /* Show another output in place of the present one. */
    show(output) {
      if (output === this.output) return;
      this.output?.remove();
      if (output) this.place.append(output);
      this.output = output;
    }

    add(kind, content) {
      if (!this.fresh) {
        this.fresh = element("div", "", { class: "cell_output docutils container" });
        this.show(this.fresh);
      }
      const last = this.fresh.lastElementChild;
      if (kind === "text" && last?.matches(".stream")) {
        last.querySelector("pre").append(content);
        return;
      }
      const part = element("div", "", { class: kind === "html" ? "live-part" : `output ${kind}` });
      if (kind === "html") part.innerHTML = content;
      else part.append(printed(content, kind === "error" ? "Error" : "Output"));
      if (kind === "text") part.classList.add("stream");
      if (kind === "error") part.setAttribute("role", "alert");
      this.fresh.append(part);
      part.dispatchEvent(new CustomEvent("added", { bubbles: true }));
      part.querySelector(".chart-bare")?.click(); // there is no drawing yet to look at
    }

    take(kind, content) {
      if (kind !== "state") return this.add(kind, content);
      if (content === "done" && !this.fresh) this.show(null);
      this.set(content);
      const seconds = ((performance.now() - this.since) / 1000).toFixed(1);
      const words = { running: "Running …", done: `Done in ${seconds} s.`, failed: "Failed." };
      this.status.textContent = words[content];
    }
  }

  /* Text as it is, which may be scrolled by keyboard. */
  function printed(text, name) {
    const block = element("div", "", { class: "highlight" });
    block.append(element("pre", text, { tabindex: "0", role: "group", "aria-label": name }));
    return block;
  }

  function connected(made) {
    made.onerror = (event) => lose(event.message || "its worker could not be loaded");
    made.onmessage = ({ data }) => {
      const cell = runs.get(data.id);
      if (!cell) return;
      if (data.fatal) lose(data.fatal);
      else if (data.ended) runs.delete(data.id);
      else if (data.progress) cell.status.textContent = data.progress;
      else cells[data.cell].take(data.kind, data.content);
    };
    return made;
  }

  /* End Python, and with it all that runs and all variables. */
  function end(words) {
    worker?.terminate();
    worker = null;
    runs.clear();
    for (const cell of cells.filter((each) => each.place.dataset.runState === "running")) {
      cell.set("failed");
      words(cell);
    }
  }

  function stop() {
    end((cell) => {
      cell.status.textContent = "Stopped. The next run starts Python afresh.";
    });
  }

  function lose(message) {
    end((cell) => {
      cell.add("error", `Python could not go on: ${message}`);
      cell.status.textContent = "Failed. The next run starts Python afresh.";
    });
  }

  function tellFolder(cell) {
    cell.set("failed");
    cell.add(
      "error",
      "Python needs a web server: a browser lets no page that is opened from a folder load it.\n" +
        "Run “python3 -m http.server” in the folder of the book and open http://localhost:8000/.",
    );
  }

  const cells = [...document.querySelectorAll("[data-cell]")].map((place) => new Cell(place));
})();
