/* Brings the interactive charts of a page to life, one by one, as the reader turns to them.
 *
 * Each .chart-drawing holds a static drawing, which gives it its size, and an empty .chart-live;
 * its Plotly figure follows as JSON. The drawing library lies beside this file and is fetched for
 * the first chart that the reader points at, taps or reaches with the keyboard; the live drawing
 * then takes the static one's place. With the arrow keys the reader goes from mark to mark. A click
 * on a mark, or Enter, leads to the rows of the record behind it, whose address is the mark's
 * customdata; a tap shows a link to them below the drawing, as the others do too. Paper and readers
 * without scripts keep the static drawing. Colours come from the custom properties in
 * report.css: any string "var(--name)" in a figure is replaced by the property's present value,
 * again when the reader switches between light and dark.
 */
(() => {
  "use strict";

  const BUNDLE = new URL("plotly-basic.min.js", document.currentScript.src).href;
  const NARROW = window.matchMedia("(max-width: 640px)");
  const COARSE = window.matchMedia("(pointer: coarse)");
  const CONFIG = {
    displayModeBar: false, // it would lie over labels
    showTips: false,
    scrollZoom: false,
  };

  const HINT = COARSE.matches
    ? "Tap a mark to read it and to find a link to its rows in the record."
    : "Click a mark to see its rows in the record; by keyboard, use the arrow keys and Enter.";

  const charts = new Map(); // .chart-drawing -> the script element that holds its figure
  let library = null;

  function load() {
    library ??= new Promise((resolve, reject) => {
      if (window.Plotly) {
        resolve(window.Plotly);
        return;
      }
      const script = document.createElement("script");
      script.src = BUNDLE;
      script.onload = () => resolve(window.Plotly);
      script.onerror = () => reject(new Error("could not load " + BUNDLE));
      document.head.append(script);
    });
    return library;
  }

  /* The custom properties as they stand for the page. */
  function palette() {
    const style = getComputedStyle(document.documentElement);
    return { get: (name) => style.getPropertyValue(name).trim() };
  }

  const VARIABLE = /var\(\s*(--[\w-]+)\s*(?:,\s*([^()]*))?\)/g;

  function resolve(value, colours) {
    if (typeof value === "string") {
      return value.includes("var(--")
        ? value.replace(VARIABLE, (_, name, fallback) => colours.get(name) || fallback || "#888")
        : value;
    }
    if (Array.isArray(value)) return value.map((item) => resolve(item, colours));
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, resolve(v, colours)]));
    }
    return value;
  }

  function isPlain(value) {
    return value !== null && typeof value === "object" && !Array.isArray(value);
  }

  function merge(base, over) {
    const out = { ...base };
    for (const [key, value] of Object.entries(over)) {
      out[key] = isPlain(value) && isPlain(out[key]) ? merge(out[key], value) : value;
    }
    return out;
  }

  function template(colours) {
    const ink = colours.get("--chart-ink");
    const muted = colours.get("--chart-muted");
    const grid = colours.get("--chart-grid");
    const surface = colours.get("--chart-surface");
    const family = colours.get("--chart-font");
    const axis = {
      gridcolor: grid,
      linecolor: muted,
      tickcolor: muted,
      zerolinecolor: muted,
      automargin: true,
      title: { font: { size: 13 } },
    };
    return {
      layout: {
        paper_bgcolor: "rgba(0,0,0,0)",
        plot_bgcolor: "rgba(0,0,0,0)",
        font: { color: ink, family, size: 13 },
        title: { font: { color: ink } },
        xaxis: axis,
        yaxis: axis,
        hoverlabel: { bgcolor: surface, bordercolor: muted, font: { color: ink, family } },
        modebar: { bgcolor: "rgba(0,0,0,0)", color: muted, activecolor: ink },
        annotationdefaults: { font: { color: ink }, arrowcolor: muted },
      },
    };
  }

  function prepared(drawing) {
    const colours = palette();
    const given = JSON.parse(charts.get(drawing).textContent);
    const { data = [], layout = {} } = resolve(given, colours);
    const own = NARROW.matches ? merge(layout, layout.meta?.narrow || {}) : layout;
    const places = (NARROW.matches && layout.meta?.places) || [];
    return {
      data: data.map((trace, i) => ({ ...trace, ...places[i] })),
      layout: {
        ...own,
        uirevision: true, // what the reader has zoomed stays
        dragmode: own.dragmode ?? (COARSE.matches ? false : "zoom"),
        autosize: !own.width,
        template: merge(own.template || {}, template(colours)),
      },
    };
  }

  /* Plotly measures letters as it draws, so it waits for the page's font, if that comes at all. */
  function fonts() {
    const family = palette().get("--chart-font");
    const faces = ["", "bold "].map((weight) => document.fonts.load(`${weight}13px ${family}`));
    return Promise.allSettled(faces);
  }

  async function draw(drawing) {
    const [Plotly] = await Promise.all([load(), fonts()]);
    const live = drawing.querySelector(".chart-live");
    const figure = prepared(drawing);
    await Plotly.react(live, { ...figure, config: CONFIG });
    fit(drawing, figure.layout.width);
    // Its letters one by one tell a screen reader nothing; the static drawing has the description.
    for (const svg of live.querySelectorAll(".main-svg")) svg.setAttribute("aria-hidden", "true");
    if (!drawing.dataset.drawn) {
      listen(drawing, live);
      room.observe(drawing);
    }
    drawing.dataset.drawn = "true";
  }

  /* Scale the live drawing as the static one beneath is scaled, so that nothing moves. */
  function fit(drawing, width) {
    const live = drawing.querySelector(".chart-live");
    live.style.transform = width ? `scale(${drawing.clientWidth / width})` : "";
  }

  const room = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const live = target.querySelector(".chart-live");
      if (!target.clientWidth) continue; // in a closed disclosure
      if (live.layout?.width && !live.layout.autosize) fit(target, live.layout.width);
      else if (live.layout) window.Plotly.Plots.resize(live);
    }
  });

  function drawSafely(drawing) {
    return draw(drawing).catch((error) => {
      console.error("A chart could not be drawn.", error);
      drawing.dataset.drawn = "false";
    });
  }

  /* Fetch the library and draw when the reader turns to a chart; a second sign changes nothing. */
  function wake(event) {
    const drawing = event.currentTarget;
    if (drawing.dataset.drawn || drawing.dataset.waking) return;
    drawing.dataset.waking = "true";
    drawSafely(drawing);
  }

  /* What the mark at which the reader is says, and where its rows are. */
  function say(drawing, { curveNumber, pointNumber }) {
    const trace = drawing.querySelector(".chart-live").data[curveNumber];
    const address = trace.customdata?.[pointNumber];
    const said = foot(drawing).querySelector(".chart-said");
    said.textContent = trace.text[pointNumber].replace(/<br>/g, ", ");
    if (!address) return "";
    const count = address.split("?rows=")[1].split(",").length;
    const link = document.createElement("a");
    link.href = address;
    link.textContent = count === 1 ? "See its row" : `See its ${count} rows`;
    said.append(". ", link);
    return link.href;
  }

  const foot = (drawing) => drawing.parentElement.querySelector(".chart-foot");

  function listen(drawing, live) {
    const marked = (points) => points.find(({ data }) => data.mode === "markers" && data.text);
    let touched = false;
    live.addEventListener(
      "pointerdown",
      (event) => (touched = event.pointerType === "touch"),
      true,
    );
    live.on("plotly_hover", ({ points }) => {
      const point = marked(points);
      if (!point) return;
      const address = say(drawing, point);
      drawing.classList.toggle("on-mark", Boolean(address));
    });
    live.on("plotly_unhover", () => drawing.classList.remove("on-mark"));
    live.on("plotly_click", ({ points }) => {
      const point = marked(points);
      const address = point && say(drawing, point);
      if (address && !touched) location.assign(address);
    });
  }

  /* The places of all marks that have something to say, as drawn. */
  function marks(live) {
    return live.data.flatMap((trace, curveNumber) =>
      trace.mode === "markers"
        ? trace.x.map((_, pointNumber) => ({ curveNumber, pointNumber }))
        : [],
    );
  }

  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

  /* Go from mark to mark with the arrow keys; what a mark says is read aloud. Enter leads on. */
  function walk(event) {
    const drawing = event.currentTarget;
    if (event.key === "Enter" && drawing.dataset.mark !== undefined) {
      foot(drawing).querySelector(".chart-said a")?.click();
      return;
    }
    const step = STEPS[event.key];
    if (!step || drawing.dataset.drawn !== "true") return;
    event.preventDefault();
    const live = drawing.querySelector(".chart-live");
    const all = marks(live);
    if (all.length === 0) return;
    const before = Number(drawing.dataset.mark ?? (step > 0 ? -1 : 0));
    const next = (before + step + all.length) % all.length;
    drawing.dataset.mark = next;
    const { curveNumber, pointNumber } = all[next];
    const trace = live.data[curveNumber];
    window.Plotly.Fx.hover(
      live,
      [{ curveNumber, pointNumber }],
      `${trace.xaxis ?? "x"}${trace.yaxis ?? "y"}`,
    );
    say(drawing, all[next]);
  }

  function redraw() {
    for (const drawing of charts.keys()) {
      if (drawing.dataset.drawn === "true") drawSafely(drawing);
    }
  }

  function adopt(part) {
    for (const json of part.querySelectorAll("figure.chart > script.chart-figure")) {
      const drawing = json.parentElement.querySelector(".chart-drawing");
      charts.set(drawing, json);
      drawing.tabIndex = 0;
      const hint = foot(drawing).querySelector(".chart-hint"); // none where no mark has rows
      if (hint) hint.textContent = HINT;
      drawing.addEventListener("pointerenter", (event) => {
        if (event.pointerType === "mouse") wake(event); // a finger may only be scrolling
      });
      drawing.addEventListener("click", wake);
      drawing.addEventListener("focus", wake);
      drawing.addEventListener("keydown", walk);
    }
  }

  function start() {
    adopt(document);
    document.addEventListener("added", (event) => adopt(event.target)); // by a cell of the page

    let theme = document.documentElement.dataset.theme;
    new MutationObserver(() => {
      if (document.documentElement.dataset.theme === theme) return;
      theme = document.documentElement.dataset.theme;
      redraw();
    }).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });

    NARROW.addEventListener("change", redraw);
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
