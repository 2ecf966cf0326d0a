/* Charts of the print edition that do not fit on the rest of a page: the text and the short tables
   behind them move up before them, as in a book with floating figures, and a chart that lacks little
   is set smaller, if need be with the one before it.
   Each chapter is laid out in columns of the size of a page, which break as pages do.
   Run by claimbook.edition; returns how many blocks were moved and how many charts shrunk. */
() => {
  "use strict";
  const WIDTH = 166,
    HEIGHT = 249,
    GUTTER = 20; // mm, as in edition.css
  const GAP = 0.12; // the share of a page that may stay white
  const SMALLEST = 0.85; // of a drawing's size

  const style = document.createElement("style");
  style.textContent = `.chapter { width: ${WIDTH}mm; height: ${HEIGHT}mm;
    columns: ${WIDTH}mm; column-gap: ${GUTTER}mm; column-fill: auto }`;
  document.head.append(style);
  const mm = document.querySelector(".chapter").getBoundingClientRect().width / WIDTH;

  /* Page of the chapter and height on it, as a share, of one edge of an element. */
  const edge = (element, chapter, end) => {
    const parts = element.getClientRects(),
      box = chapter.getBoundingClientRect();
    const part = parts[end ? parts.length - 1 : 0];
    return {
      page: Math.round((part.left - box.left) / mm / (WIDTH + GUTTER) - 0.05),
      y: ((end ? part.bottom : part.top) - box.top) / mm / HEIGHT,
    };
  };

  /* White space before a block that starts a page, after what stands before it and its heading. */
  const white = (block, chapter) => {
    let head = block,
      before = null;
    while (!before && head !== chapter) {
      const last = head.previousElementSibling;
      if (!last) head = head.parentElement;
      else if (/^(H\d|ASIDE)$/.test(last.tagName) || !last.getClientRects().length) head = last;
      else before = last;
    }
    if (!before) return 0;
    const end = edge(before, chapter, true);
    return edge(block, chapter, false).page > end.page ? 1 - end.y : 0;
  };

  /* What ends in a colon leads to the next block and stays with it. */
  const leads = (element) => /:\s*$/.test(element.textContent);
  for (const line of document.querySelectorAll(".chapter p"))
    if (leads(line)) line.style.breakAfter = "avoid";

  let moved = 0,
    shrunk = 0;
  for (const chapter of document.querySelectorAll(".chapter")) {
    let before = null;
    for (const figure of chapter.querySelectorAll("figure.chart")) {
      const block = figure.closest(".cell") ?? figure;
      let gap;
      while ((gap = white(block, chapter)) > GAP) {
        const next = [block.nextElementSibling];
        if (next[0]?.tagName === "ASIDE") next.push(next[0].nextElementSibling);
        if (!next.at(-1)?.matches("p, ul, ol, .table-record") || leads(next.at(-1))) break;
        const { page } = edge(block, chapter, false);
        block.before(...next);
        if (edge(block, chapter, false).page > page) {
          block.after(...next);
          break;
        }
        moved += 1;
      }
      if (gap > GAP) {
        const { page } = edge(block, chapter, false);
        const drawings = [before, figure].map((one) => one?.querySelector(".chart-svg-wide svg"));
        for (const some of [drawings.slice(1), drawings].filter((all) => all.every(Boolean))) {
          const heights = some.map((one) => one.style.maxHeight);
          for (const one of some)
            one.style.maxHeight = `${(one.getBoundingClientRect().height / mm) * SMALLEST}mm`;
          if (edge(block, chapter, false).page < page) {
            shrunk += some.length;
            break;
          }
          some.forEach((one, n) => {
            one.style.maxHeight = heights[n];
          });
        }
      }
      before = figure;
    }
  }
  style.remove();
  return { moved, shrunk };
};
