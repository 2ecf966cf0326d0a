/* Runs Python beside the page, so that the page stays usable and a cell can be stopped.
 *
 * The page sends `{id, cells, number, page}`: the code of all its cells as it stands, which of them
 * to run, and what live.py has told the page; or `{reset: true}`, which forgets all variables. What
 * comes back, by the `id`: `{progress}` in words, `{cell, kind, content}` as claimbook/kernel.py
 * tells it, and `{ended: true}`; `{fatal}` says why there is no Python any more.
 *
 * Nothing is fetched before the first cell, and a package only when code imports it. This file has
 * to compile WebAssembly: a server that sends a Content Security Policy allows 'wasm-unsafe-eval'
 * here.
 */
(() => {
  "use strict";

  const HOME = new URL("../python/", self.location);
  let id = 0; // of what is being run
  let starting = null; // the session, once there is one

  const progress = (text) => postMessage({ id, progress: text });

  async function start(page) {
    const settings = await fetchText("live.json");
    progress(`Loading Python (${(JSON.parse(settings).size / 1e6).toFixed(1)} MB) …`);
    importScripts(new URL("pyodide.js", HOME));
    const engine = await fetch(new URL("engine.zip", HOME)).then((answer) => answer.arrayBuffer());
    // Whatever asks for a drawing gets one that needs no window.
    const env = { HOME: "/home/pyodide", MPLBACKEND: "agg" };
    const python = await loadPyodide({ indexURL: HOME.href, env });
    python.unpackArchive(engine, "zip", { extractDir: "/engine" });
    python.runPython("import sys; sys.path.append('/engine')");
    const host = {
      progress,
      fetch: (name) => fetchFile(python, name),
      link: (path) => link(python, path),
      tell: (cell, kind, content) => postMessage({ id, cell, kind, content }),
    };
    progress("Running …");
    return python.pyimport("claimbook.kernel").start(settings, JSON.stringify(page), host);
  }

  async function fetchText(name) {
    const answer = await fetch(new URL(name, HOME));
    if (!answer.ok) throw new Error(`${answer.url}: ${answer.status} ${answer.statusText}`);
    return answer.text();
  }

  /* Fetch a file while Python waits for it, and return its path. */
  function fetchFile(python, name) {
    const request = new XMLHttpRequest();
    request.open("GET", new URL(name, HOME), false);
    request.responseType = "arraybuffer";
    request.send();
    if (request.status !== 200) throw new Error(`${name}: ${request.status} ${request.statusText}`);
    const path = `/tmp/${name}`;
    python.FS.writeFile(path, new Uint8Array(request.response));
    return path;
  }

  /* Load a shared library, which others find by its bare name. */
  function link(python, path) {
    const { FS, LDSO, loadDynamicLibrary } = python._module;
    const options = { loadAsync: false, global: true, nodelete: true, allowUndefined: true };
    loadDynamicLibrary(path, { ...options, fs: FS }, null);
    LDSO.loadedLibsByName[path.split("/").at(-1)] = LDSO.loadedLibsByName[path];
  }

  async function work(message) {
    if (message.reset) {
      (await starting)?.reset();
      return;
    }
    id = message.id;
    try {
      starting ??= start(message.page);
      const session = await starting;
      session.run(message.cells, message.number);
      postMessage({ id, ended: true });
    } catch (error) {
      postMessage({ id, fatal: error.message });
    }
  }

  // One after the other: to start takes its time, and messages come meanwhile.
  let last = Promise.resolve();
  self.onmessage = ({ data }) => {
    last = last.then(() => work(data));
  };
})();
