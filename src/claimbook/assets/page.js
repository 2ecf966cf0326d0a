/* What every page needs beside the theme's own scripts: the buttons that print and lead back to the
 * top, the menu of downloads, and drawings that are there before the reader is.
 */
(() => {
  "use strict";

  document.querySelector(".print-button")?.addEventListener("click", () => window.print());

  // Paper is white, and a fold cannot be opened on it.
  const folds = "details:is(.chart-sources, .sources-used, .allowed-values):not([open])";
  let undo;
  const paper = (printing) => {
    if (printing === Boolean(undo)) return;
    if (!printing) {
      undo();
      undo = undefined;
      return;
    }
    const root = document.documentElement;
    const { theme } = root.dataset;
    const opened = [...document.querySelectorAll(folds)];
    opened.forEach((fold) => (fold.open = true));
    root.dataset.theme = "light";
    undo = () => {
      root.dataset.theme = theme;
      opened.forEach((fold) => (fold.open = false));
    };
  };
  window.addEventListener("beforeprint", () => paper(true));
  window.addEventListener("afterprint", () => paper(false));
  window.matchMedia("print").addEventListener("change", (change) => paper(change.matches));

  // The menu opens without this; it closes when the reader turns elsewhere.
  const menu = document.querySelector(".download-menu");
  if (menu) {
    const close = (event) => {
      if (menu.open && !menu.contains(event.target)) menu.open = false;
    };
    document.addEventListener("click", close);
    document.addEventListener("focusin", close);
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }

  // The style sheet leaves out of the layout what is out of sight, so that the page opens at once.
  // Drawings and short tables follow one by one when there is time, so that none comes late; the
  // long tables of the record wait until the reader comes near.
  const SHORT = 60; // rows
  const waiting = [...document.querySelectorAll(".chart-drawing .chart-svg, .table-record")].filter(
    (part) => Number(part.style.getPropertyValue("--rows")) <= SHORT,
  );
  const later = window.requestIdleCallback ?? ((next) => setTimeout(next, 100));
  const layOut = () => {
    const part = waiting.shift();
    if (!part) return;
    part.classList.add("laid-out");
    later(layOut);
  };
  window.addEventListener("load", () => later(layOut));

  const top = document.getElementById("pst-back-to-top");
  if (!top) return;
  top.addEventListener("click", () => window.scrollTo(0, 0));
  let last = 0; // to ask now would have the page laid out before the other scripts have run
  window.addEventListener(
    "scroll",
    () => {
      const now = window.scrollY;
      top.style.display = now < last && now > window.innerHeight ? "block" : "none";
      last = now;
    },
    { passive: true },
  );
})();
