/* Draws the charts of a page.
 *
 * Each chart is an empty .chart-drawing followed by its Plotly figure as JSON. The drawing library
 * lies beside this file and is fetched when the first chart comes near the viewport. Colours come
 * from the custom properties in report.css: any string "var(--name)" in a figure is replaced by
 * the property's present value, again when the reader switches between light and dark.
 */
(() => {
  "use strict";

  const BUNDLE = new URL("plotly-basic.min.js", document.currentScript.src).href;
  const NARROW = window.matchMedia("(max-width: 640px)");
  const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");
  const COARSE = window.matchMedia("(pointer: coarse)");
  const CONFIG = {
    responsive: true,
    displaylogo: false,
    showSendToCloud: false,
    showTips: false,
    scrollZoom: false,
    modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d"],
  };

  const charts = new Map(); // drawing element -> its figure as written in the page
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

  /* The properties as they stand for the page, or, for paper, as they stand in the light theme. */
  function palette(onPaper) {
    const probe = document.createElement("span");
    probe.hidden = true;
    if (onPaper) probe.className = "chart-theme-light";
    document.body.append(probe);
    const style = getComputedStyle(probe);
    const values = new Map();
    return {
      get(name) {
        if (!values.has(name)) values.set(name, style.getPropertyValue(name).trim());
        return values.get(name);
      },
      done: () => probe.remove(),
    };
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
    };
    return {
      layout: {
        paper_bgcolor: "rgba(0,0,0,0)",
        plot_bgcolor: "rgba(0,0,0,0)",
        font: { color: ink, family, size: 13 },
        title: { font: { color: ink } },
        xaxis: axis,
        yaxis: axis,
        legend: { font: { color: ink }, bgcolor: "rgba(0,0,0,0)" },
        hoverlabel: { bgcolor: surface, bordercolor: muted, font: { color: ink, family } },
        modebar: { bgcolor: "rgba(0,0,0,0)", color: muted, activecolor: ink },
        annotationdefaults: { font: { color: ink }, arrowcolor: muted },
        sliderdefaults: {
          font: { color: ink },
          bgcolor: grid,
          bordercolor: muted,
          tickcolor: muted,
          currentvalue: { font: { color: ink } },
        },
        updatemenudefaults: { bgcolor: surface, bordercolor: muted, font: { color: ink } },
      },
    };
  }

  /* For readers who asked for less motion: every transition and frame takes no time. */
  function still(value) {
    if (Array.isArray(value)) return value.map(still);
    if (!isPlain(value)) return value;
    const out = {};
    for (const [key, item] of Object.entries(value)) {
      out[key] =
        (key === "transition" || key === "frame") && isPlain(item)
          ? { ...item, duration: 0 }
          : still(item);
    }
    return out;
  }

  function prepared(drawing, onPaper) {
    const colours = palette(onPaper);
    const written = charts.get(drawing);
    let figure = resolve(written, colours);
    const layout = figure.layout || {};
    const narrow = (layout.meta && layout.meta.narrow) || {};
    const height = Number(drawing.dataset.height);
    const own = NARROW.matches && !onPaper ? merge(layout, narrow) : layout;
    figure = {
      data: figure.data || [],
      frames: figure.frames || [],
      layout: {
        dragmode: COARSE.matches ? false : "zoom",
        margin: { l: 48, r: 16, t: 24, b: 40 },
        uirevision: "kept",
        ...own,
        height: own.height || height,
        autosize: true,
        width: onPaper ? 660 : undefined,
        template: merge(own.template || {}, template(colours)),
      },
    };
    colours.done();
    return STILL.matches ? still(figure) : figure;
  }

  async function draw(drawing, onPaper = false) {
    const Plotly = await load();
    const figure = prepared(drawing, onPaper);
    if (drawing.dataset.drawn) {
      await Plotly.react(drawing, { ...figure, config: CONFIG });
    } else {
      await Plotly.newPlot(drawing, { ...figure, config: CONFIG });
    }
    drawing.style.minHeight = figure.layout.height + "px";
    drawing.dataset.drawn = "true";
  }

  function failed(drawing, error) {
    console.error("A chart could not be drawn.", error);
    drawing.dataset.drawn = "false";
  }

  function drawSafely(drawing, onPaper) {
    return draw(drawing, onPaper).catch((error) => failed(drawing, error));
  }

  function redraw(onPaper) {
    for (const drawing of charts.keys()) {
      if (drawing.dataset.drawn === "true") drawSafely(drawing, onPaper);
    }
  }

  function beforePrint() {
    for (const drawing of charts.keys()) {
      if (drawing.dataset.drawn !== "true" && !window.Plotly) {
        // Paper does not wait for the library: the table stands in for the drawing.
        const table = drawing.closest("figure").querySelector("details.chart-data");
        if (table && !table.open) {
          table.open = true;
          table.dataset.opened = "print";
        }
      }
      drawSafely(drawing, true);
    }
  }

  function afterPrint() {
    for (const table of document.querySelectorAll('details[data-opened="print"]')) {
      table.open = false;
      delete table.dataset.opened;
    }
    redraw(false);
  }

  function start() {
    for (const json of document.querySelectorAll("figure.chart > script.chart-figure")) {
      const drawing = json.parentElement.querySelector(".chart-drawing");
      charts.set(drawing, JSON.parse(json.textContent));
    }
    if (charts.size === 0) return;

    if ("IntersectionObserver" in window) {
      const observer = new IntersectionObserver(
        (entries) => {
          for (const entry of entries) {
            if (!entry.isIntersecting) continue;
            observer.unobserve(entry.target);
            drawSafely(entry.target);
          }
        },
        { rootMargin: "800px 0px" },
      );
      for (const drawing of charts.keys()) observer.observe(drawing);
    } else {
      for (const drawing of charts.keys()) drawSafely(drawing);
    }

    let theme = document.documentElement.dataset.theme;
    new MutationObserver(() => {
      if (document.documentElement.dataset.theme === theme) return;
      theme = document.documentElement.dataset.theme;
      redraw(false);
    }).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });

    NARROW.addEventListener("change", () => redraw(false));
    window.addEventListener("beforeprint", beforePrint);
    window.addEventListener("afterprint", afterPrint);
    // A drawing made inside a closed disclosure or tab has no width until it is opened.
    document.addEventListener(
      "toggle",
      (event) => {
        for (const drawing of event.target.querySelectorAll?.(".chart-drawing[data-drawn]") ?? []) {
          if (charts.has(drawing) && event.target.open) window.Plotly.Plots.resize(drawing);
        }
      },
      true,
    );
  }

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
