/* A citation of the book, of a chart or of a row of a table: as text, in BibTeX and in RIS.
 *
 * What all three have in common stands in the page as JSON; the address is that of the published
 * book where it is set, else of the page as it is read.
 */
(() => {
  "use strict";

  const pad = (number) => String(number).padStart(2, "0");
  const tex = (text) => text.replace(/[\\{}]/g, "").replace(/[&%$#_]/g, "\\$&");
  const first = (cell) => {
    const line = [];
    for (const node of cell.childNodes) {
      if (node.nodeName === "BR" || node.nodeName === "DIV") break;
      if (!node.classList?.contains("cite-button")) line.push(node.textContent);
    }
    return line.join("").replace(/\s+/g, " ").trim();
  };

  function part(place) {
    if (!place) return { kind: "DATA", name: "", id: "" };
    if (place.matches("figure")) {
      const title = place.querySelector(".chart-title").cloneNode(true);
      title.querySelectorAll("a, button").forEach((extra) => extra.remove());
      return { kind: "FIGURE", name: title.textContent.replace(/\s+/g, " ").trim(), id: place.id };
    }
    const words = [...place.cells].slice(0, 3).map(first).filter(Boolean);
    return { kind: "DATA", name: `${words.join(", ")} (${place.id})`, id: place.id };
  }

  function address(about, id) {
    const page =
      about.url || (/^https?:/.test(location.href) ? location.href.split(/[?#]/)[0] : "");
    return page && id ? `${page}#${id}` : page;
  }

  function citations(about, { kind, name, id }) {
    const now = new Date();
    const today = `${now.getFullYear()}-${pad(now.getMonth() + 1)}-${pad(now.getDate())}`;
    const year = about.date.slice(0, 4);
    const url = address(about, id);
    const version = `data version ${about.version}, ${about.date}`;
    const key = `${about.key}-${about.version}${id && `-${id}`}`;
    const fields = {
      author: about.authors.map((author) => `{${tex(author)}}`).join(" and "),
      title: `{${tex(name || about.title)}}`,
      ...(name && { note: tex(`In: ${about.title}, ${version}`) }),
      year,
      version: about.version,
      ...(url && { url, urldate: today }),
    };
    const ris = [
      ["TY", kind],
      ...about.authors.map((author) => ["AU", author]),
      ["TI", name || about.title],
      ...(name ? [["T2", about.title]] : []),
      ["PY", year],
      ["DA", about.date.replaceAll("-", "/")],
      ["ET", about.version],
      ...(url
        ? [
            ["UR", url],
            ["Y2", today.replaceAll("-", "/")],
          ]
        : []),
      ["ER", ""],
    ];
    const whole = name ? `“${name}”, in: ${about.title}` : about.title;
    return {
      Text:
        `${about.authors.join(", ")} (${year}): ${whole}, ${version}, ${about.licence}.` +
        (url ? ` ${url} (read on ${today}).` : ""),
      BibTeX: `@misc{${key},\n${Object.entries(fields)
        .map(([field, value]) => `  ${field} = {${value}}`)
        .join(",\n")}\n}`,
      RIS: ris.map(([tag, value]) => `${tag}  - ${value}`).join("\n"),
    };
  }

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function show(about, place) {
    const status = element("p", { className: "cite-status" });
    status.setAttribute("role", "status");
    const sections = Object.entries(citations(about, part(place))).map(([form, text]) => {
      const copy = element("button", { type: "button", textContent: `Copy ${form}` });
      copy.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(text);
          status.textContent = `Copied as ${form}.`;
        } catch {
          getSelection().selectAllChildren(block);
          status.textContent = "Selected: copy it with your browser.";
        }
      });
      const block = element("pre", { textContent: text, tabIndex: 0 });
      block.setAttribute("aria-label", form);
      block.setAttribute("role", "group");
      return element("section", {}, element("h3", { textContent: form }), block, copy);
    });
    const close = element("button", { type: "submit", textContent: "Close" });
    const heading = element("h2", {
      id: "cite-heading",
      textContent: !place
        ? "Cite this report"
        : place.matches("figure")
          ? "Cite this chart"
          : "Cite this row",
    });
    const dialog = element("dialog", { className: "cite-dialog" });
    dialog.setAttribute("aria-labelledby", heading.id);
    const note = element("p", {
      textContent: "For a single figure, cite the publication that its row names as well.",
    });
    const form = element("form", { method: "dialog" }, close);
    dialog.append(heading, note, ...sections, status, form);
    dialog.addEventListener("close", () => dialog.remove());
    // The theme keeps the browser from doing so.
    dialog.addEventListener("keydown", (event) => event.key === "Escape" && dialog.close());
    document.body.append(dialog);
    dialog.showModal();
  }

  function button(name) {
    const made = element("button", {
      type: "button",
      className: "cite-button pst-js-only",
      textContent: "Cite",
    });
    made.setAttribute("aria-label", `Cite ${name}`);
    made.setAttribute("aria-haspopup", "dialog");
    return made;
  }

  // Deferred, this runs once the page is read, and before another script asks for sizes.
  const source = document.getElementById("citation-data");
  if (!source) return;
  const about = JSON.parse(source.textContent);
  document
    .querySelectorAll("figure.chart .chart-title")
    .forEach((title) => title.after(button("this chart")));
  document
    .querySelectorAll(".table-record tbody tr[id] > :first-child")
    .forEach((cell) => cell.append(" ", button(first(cell))));
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest(".cite-button");
    if (pressed) show(about, pressed.closest("figure.chart, tr[id]"));
  });
})();
