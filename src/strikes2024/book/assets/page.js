/* The two buttons of the page that the theme's own scripts do not serve: print, back to the top. */
(() => {
  "use strict";

  document.querySelector(".print-button")?.addEventListener("click", () => window.print());

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
