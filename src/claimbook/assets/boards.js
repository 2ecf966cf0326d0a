/* Lets the reader turn a board back: the slider picks a day, the cells say what was known on it. */
(() => {
  "use strict";

  function prepare(board) {
    const days = JSON.parse(board.dataset.days);
    const slider = board.querySelector("input");
    const output = board.querySelector("output");
    const rows = [...board.querySelectorAll("tr")].map((row) => ({
      cell: row.querySelector("td"),
      words: JSON.parse(row.dataset.words),
    }));
    const show = () => {
      const at = Number(slider.value);
      output.textContent = days[at];
      slider.setAttribute("aria-valuetext", days[at]);
      for (const { cell, words } of rows) {
        cell.textContent = words[at];
        cell.classList.toggle("changed", at > 0 && words[at] !== words[at - 1]);
      }
    };
    slider.addEventListener("input", show);
    slider.disabled = false;
    show();
  }

  const start = () => document.querySelectorAll(".chart-board").forEach(prepare);
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
