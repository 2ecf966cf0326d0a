/* Looks through the index of the book (searchindex.js) for the words in the address.
 *
 * An entry fits that has all words, in its text, its heading, its other names or the title of its
 * page; where none has, those with most of them are shown. Names come first, then headings, text,
 * rows of the record. What is shown of an entry are whole sentences, or whole lines of its row.
 */
(() => {
  "use strict";

  const { plain, squashed, escaped, finder, forms, words } = window.claimbookText;
  const FIRST = 20;
  const LONG = 240; // letters of a row that are shown

  function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  /* A word without its ending: strikes finds strike, wounded finds wounds. */
  const stem = (word) => {
    const short = /^[a-z]+$/.test(word) ? word.replace(/(?:ing|ed|es|s|y)$/, "") : word;
    return short.length > 3 ? short : word;
  };

  /* Whether a word of the text begins so: a rate, not a pirate. */
  const begin = (word) => {
    const start = new RegExp(`(?<![\\p{L}\\p{N}])${escaped(stem(word))}`, "u");
    return ([text]) => start.test(text);
  };

  function ranked(query, [pages, parts]) {
    const typed = words(query);
    const tests = typed.map((word) => [finder(word), finder(stem(word)), begin(word)]);
    const whole = plain(query).trim();
    const bare = squashed(whole);
    const phrase = finder(whole);
    let most = 0;
    const found = parts.map(([page, anchor, heading, lines, names, row], order) => {
      const [title, head, name, text] = [
        pages[page][1],
        heading,
        names.join(" \n "),
        lines.join(" \n "),
      ].map(forms);
      let hits = 0;
      let score = 0;
      tests.forEach(([exact, loose, begins]) => {
        if (exact(name) || exact(head)) score += 6;
        else if (loose(name) || loose(head)) score += 4;
        else if (exact(text)) score += 2;
        else if (loose(text)) score += 1;
        else if (!loose(title)) return;
        hits += 1;
        if (begins(head) || begins(name) || begins(text)) score += 2;
      });
      const called = [heading, ...names].map((one) => squashed(plain(one)));
      if (called.includes(bare)) score += names.length ? 60 : 30;
      else if (bare.length > 3 && called.some((one) => one.startsWith(bare))) score += 8;
      if (typed.length > 1 && (phrase(head) || phrase(text))) score += 6;
      if (!row || names.length) score += 3;
      score -= (2 * page) / pages.length; // the report before its appendices
      most = Math.max(most, hits);
      return { page: pages[page], anchor, heading, lines, names, row, hits, score, order };
    });
    if (!typed.length || !most) return { typed, all: false, found: [] };
    return {
      typed,
      all: most === typed.length,
      found: found
        .filter((entry) => entry.hits === most)
        .sort((a, b) => b.score - a.score || a.order - b.order),
    };
  }

  /* The text with the words of the query marked, each as a whole. */
  function marked(text, typed) {
    const tests = typed.map((word) => finder(stem(word)));
    return text.split(/(\s+)/).map((part) => {
      const shown = forms(part);
      const hit = tests.some((test) => test(shown));
      return hit ? element("mark", { textContent: part }) : part;
    });
  }

  /* The sentence with most of the words; of a row its first lines and the one with most. */
  function snippet({ heading, lines, names, row }, typed) {
    const tests = typed.map((word) => finder(stem(word)));
    const hits = (line) => {
      const shown = forms(line);
      return tests.filter((test) => test(shown)).length;
    };
    const best = lines.reduce((a, line, i) => (hits(line) > hits(lines[a] ?? "") ? i : a), 0);
    if (!row) return lines.length ? lines[best] : "";
    const shown = [];
    let length = 0;
    lines.forEach((line, i) => {
      length += line.length;
      if (i === best || i === 0 || length < LONG) shown.push(line);
    });
    const other = [heading, ...lines].some(hits) ? [] : names.filter(hits).slice(0, 2);
    return [...other, ...shown].join("; ");
  }

  function item(entry, typed) {
    const [address, title] = entry.page;
    const link = element("a", { href: address + (entry.anchor && `#${entry.anchor}`) });
    link.append(...marked(entry.heading || title, typed));
    const where = entry.heading === title ? [] : [" ", element("span", { className: "muted" })];
    if (where.length) where[1].textContent = title;
    const text = snippet(entry, typed);
    const rest = text ? [element("p", {}, ...marked(text, typed))] : [];
    return element("li", {}, link, ...where, ...rest);
  }

  function show(place, query) {
    const { typed, all, found } = ranked(query, window.claimbookIndex);
    const status = element("p");
    status.setAttribute("role", "status");
    const list = element("ul", { className: "search" });
    const more = element("button", { type: "button", textContent: "Show more" });
    let shown = 0;
    const add = () => {
      const next = found.slice(shown, shown + FIRST).map((entry) => item(entry, typed));
      shown += next.length;
      list.append(...next);
      more.hidden = shown >= found.length;
      return next[0];
    };
    more.addEventListener("click", () => add()?.querySelector("a").focus());
    place.replaceChildren(status, list, more);
    add();
    const count = found.length.toLocaleString("en");
    status.textContent = !typed.length
      ? ""
      : !found.length
        ? `Nothing found for “${query}”. Try fewer or other words.`
        : all
          ? `${count} ${found.length === 1 ? "result" : "results"} for “${query}”.`
          : `Nothing has all words of “${query}”. ${count} with most of them:`;
  }

  document.addEventListener("DOMContentLoaded", () => {
    const place = document.getElementById("search-results");
    const query = new URLSearchParams(location.search).get("q") ?? "";
    for (const input of document.querySelectorAll("input[name=q]")) input.value = query;
    if (query.trim()) show(place, query);
  });
})();
