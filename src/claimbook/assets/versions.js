/* Tells the reader of a released book that there is a newer version.
 *
 * A released book lies in a folder named after its version, beside the others and versions.json.
 * Anywhere else nothing is asked for.
 */
(() => {
  "use strict";

  const own = document.querySelector('meta[name="claimbook-version"]')?.content;
  const end = own ? location.pathname.indexOf(`/${own}/`) : -1;
  if (end < 0 || !/^https?:/.test(location.protocol)) return;
  const root = location.pathname.slice(0, end + 1);

  async function tell() {
    const answer = await fetch(`${root}versions.json`);
    if (!answer.ok) return;
    const { latest, versions } = await answer.json();
    const newest = versions.find(({ version }) => version === latest);
    if (!newest || latest === own) return;
    const note = document.createElement("p");
    note.className = "newer-version";
    note.setAttribute("role", "status");
    const link = Object.assign(document.createElement("a"), {
      href: `${root}${newest.path}index.html`,
      textContent: `version ${latest} of ${newest.date}`,
    });
    note.append(`This is version ${own} of the report. The newest is `, link, ".");
    document.querySelector(".bd-article")?.prepend(note);
  }

  tell().catch(() => {}); // no list, no note
})();
