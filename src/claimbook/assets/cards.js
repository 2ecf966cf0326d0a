/* Cards for the figures in the text.
 *
 * A figure is a link to its row; its data-card attribute holds a few lines of plain text, data-more
 * what the link is called. The card opens on hover and on focus, closes with Escape, and on a touch
 * screen with the first tap, which then does not follow the link: the card holds one of its own.
 * Without this script the link and its title remain.
 */
(() => {
  "use strict";

  const card = document.createElement("div");
  card.className = "figure-card";
  card.id = "figure-card";
  card.setAttribute("role", "tooltip");
  card.hidden = true;
  let owner = null;
  let touched = false;

  function line(text, className) {
    const element = document.createElement("p");
    element.textContent = text;
    if (className) element.className = className;
    card.append(element);
  }

  function open(link) {
    if (owner === link) return;
    close();
    owner = link;
    card.textContent = "";
    const [head, ...rest] = link.dataset.card.split("\n");
    line(head, "figure-card-head");
    rest.forEach((text) => line(text));
    const more = document.createElement("a");
    more.href = link.href;
    more.textContent = link.dataset.more;
    more.tabIndex = -1;
    card.append(more);
    card.hidden = false;
    link.dataset.title = link.title;
    link.removeAttribute("title");
    link.setAttribute("aria-describedby", card.id);
    place(link);
  }

  function place(link) {
    const box = link.getClientRects()[0] ?? link.getBoundingClientRect();
    const width = card.offsetWidth;
    const left = Math.min(Math.max(8, box.left), document.documentElement.clientWidth - width - 8);
    const below = box.bottom + 6;
    const fits = below + card.offsetHeight < window.innerHeight;
    const top = fits ? below : Math.max(8, box.top - card.offsetHeight - 6);
    card.style.left = `${left}px`;
    card.style.top = `${top}px`;
  }

  function close() {
    if (!owner) return;
    owner.title = owner.dataset.title ?? "";
    owner.removeAttribute("aria-describedby");
    owner = null;
    card.hidden = true;
  }

  const figure = (event) => event.target.closest?.("a.datum[data-card]");
  let timer = 0;

  document.addEventListener("DOMContentLoaded", () => document.body.append(card));
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    clearTimeout(timer);
    const link = figure(event);
    if (link) open(link);
    else if (owner && !card.contains(event.target)) timer = setTimeout(close, 200);
  });
  document.addEventListener("focusin", (event) => {
    const link = figure(event);
    if (link) open(link);
    else if (!card.contains(event.target)) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  document.addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch";
    if (touched && !figure(event) && !card.contains(event.target)) close();
  });
  document.addEventListener("click", (event) => {
    const link = figure(event);
    if (!touched || !link || link.dataset.tapped) return;
    event.preventDefault();
    open(link);
    document.querySelectorAll("a.datum[data-tapped]").forEach((a) => delete a.dataset.tapped);
    link.dataset.tapped = "yes";
  });
  window.addEventListener("scroll", () => owner && place(owner), { passive: true });
})();
