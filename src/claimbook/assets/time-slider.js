/* Lets the reader go back in time: the slider picks a day, the cells say what was known on it. */
(() => {
  "use strict";

  function prepare(part) {
    const days = JSON.parse(part.dataset.days);
    const slider = part.querySelector("input");
    const output = part.querySelector("output");
    const rows = [...part.querySelectorAll("tr")].map((row) => ({
      cell: row.querySelector("td"),
      texts: JSON.parse(row.dataset.texts),
    }));
    const show = () => {
      const at = Number(slider.value);
      output.textContent = days[at];
      slider.setAttribute("aria-valuetext", days[at]);
      for (const { cell, texts } of rows) {
        cell.textContent = texts[at];
        cell.classList.toggle("changed", at > 0 && texts[at] !== texts[at - 1]);
      }
    };
    slider.addEventListener("input", show);
    slider.disabled = false;
    show();
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
