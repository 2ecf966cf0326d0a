/* Lets the reader go back in time to any day: by slider, by typing a date, or a day at a time.
 *
 * data-days are the days on which something changed; a text holds until the next of them.
 */
(() => {
  "use strict";

  const DAY = 24 * 60 * 60 * 1000;

  const said = (iso) =>
    new Date(iso).toLocaleDateString("en-GB", {
      day: "numeric",
      month: "long",
      year: "numeric",
      timeZone: "UTC",
    });

  function prepare(part) {
    const days = JSON.parse(part.dataset.days);
    const slider = part.querySelector("input[type=range]");
    const typed = part.querySelector("input[type=date]");
    const output = part.querySelector("output");
    const rows = [...part.querySelectorAll("tr")].map((row) => ({
      cell: row.querySelector("td"),
      texts: JSON.parse(row.dataset.texts),
    }));
    const first = Date.parse(days[0]);
    const number = (iso) => Math.round((Date.parse(iso) - first) / DAY);
    const changes = days.map(number);
    const last = changes.at(-1);

    function show(wanted) {
      const now = Math.min(Math.max(wanted, 0), last);
      const iso = new Date(first + now * DAY).toISOString().slice(0, 10);
      const at = days.findLastIndex((day) => day <= iso);
      slider.value = now;
      slider.setAttribute("aria-valuetext", said(iso));
      output.textContent = said(iso);
      for (const { cell, texts } of rows) {
        cell.textContent = texts[at];
        cell.classList.toggle("changed", at > 0 && days[at] === iso && texts[at] !== texts[at - 1]);
      }
      if (document.activeElement !== typed) typed.value = iso;
      const ends = { before: now === 0, after: now === last };
      for (const button of part.querySelectorAll("button"))
        button.setAttribute("aria-disabled", ends[button.dataset.go.split("-")[1]]);
    }

    const steps = {
      "day-before": (now) => now - 1,
      "day-after": (now) => now + 1,
      "change-before": (now) => changes.findLast((day) => day < now) ?? 0,
      "change-after": (now) => changes.find((day) => day > now) ?? last,
    };
    slider.addEventListener("input", () => show(Number(slider.value)));
    // While a year is typed its first digits are a date too, far away; when done, the nearest day.
    typed.addEventListener("input", () => {
      if (typed.value && typed.validity.valid) show(number(typed.value));
    });
    typed.addEventListener("blur", () => {
      show(typed.value ? number(typed.value) : Number(slider.value));
    });
    part.addEventListener("click", ({ target }) => {
      const step = steps[target.dataset.go];
      if (step) show(step(Number(slider.value)));
    });
    part.querySelector(".time-slider-controls").hidden = false;
    show(last);
  }

  const within = (part) => part.querySelectorAll(".time-slider").forEach(prepare);
  const start = () => {
    within(document);
    document.addEventListener("added", (event) => within(event.target)); // by a cell of the page
  };
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
