/* Text as readers type it and as pages print it: what is the same to both.
 *
 * Case, accents, kinds of dashes and quotation marks make no difference; 1,000 is 1000; Arabic is
 * found with and without its marks, in Persian letters, and its digits are digits.
 */
window.claimbookText = (() => {
  "use strict";

  const LETTERS = { "\u0640": "", "\u0629": "\u0647", "\u0649": "\u064a", "\u06cc": "\u064a" };
  Object.assign(LETTERS, { "\u06a9": "\u0643", "\u0131": "i", "\u0142": "l", "\u00f8": "o" });

  const plain = (text) =>
    text
      .replace(/(\d)[,\u00a0\u2009\u202f](?=\d{3}(?!\d))/g, "$1")
      .normalize("NFKD")
      .toLowerCase()
      .replace(/\p{M}/gu, "")
      .replace(/[\u2010-\u2015\u2212]/g, "-")
      .replace(/[\u2018\u2019\u02bb\u02bc\u02be\u02bf`´]/g, "'")
      .replace(/[\u0640\u0629\u0649\u06cc\u06a9\u0131\u0142\u00f8]/g, (letter) => LETTERS[letter])
      .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => digit.charCodeAt() & 15);

  const squashed = (text) => text.replace(/[^\p{L}\p{N}]/gu, "");

  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

  /* A test for a word in a text's two forms: numbers are whole, 54 is not in 154. */
  function finder(word) {
    const bare = squashed(word);
    if (/^\d[\d.,:-]*$/.test(word)) {
      const end = /\d$/.test(word) ? "(?!\\d)" : "";
      const number = new RegExp(`(?<!\\d)${escaped(word)}${end}`);
      return ([text]) => number.test(text);
    }
    return ([text, all]) => text.includes(word) || (bare.length > 3 && all.includes(bare));
  }

  const forms = (text) => {
    const words = plain(text);
    return [words, squashed(words)];
  };

  const words = (query) => plain(query).split(/\s+/).filter(Boolean);

  return { plain, squashed, escaped, finder, forms, words };
})();
