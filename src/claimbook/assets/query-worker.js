/* Runs SQLite beside the page, so that the page stays usable and a query can be stopped.
 *
 * The page sends `{id, database, sql}`, the address of the file and the query. The answer has the
 * same `id` and is `{columns, rows, more, milliseconds, keys}` or `{error, hint}`. Every query runs
 * on a fresh copy of the file: whatever it changes is gone with it.
 *
 * This is the one file that has to compile WebAssembly: a server that sends a Content Security
 * Policy allows 'wasm-unsafe-eval' here and nowhere else.
 */
(() => {
  "use strict";

  const MOST_ROWS = 50000; // an endless query must not fill the memory
  const KEYWORDS =
    "ALL AND AS ASC BETWEEN BY CASE CAST COUNT CREATE CROSS DELETE DESC DISTINCT DROP ELSE END " +
    "EXCEPT EXISTS FROM FULL GLOB GROUP HAVING IN INNER INSERT INTERSECT INTO IS ISNULL JOIN LEFT " +
    "LIKE LIMIT NATURAL NOT NOTNULL NULL OFFSET ON OR ORDER OUTER OVER PARTITION PRAGMA RECURSIVE " +
    "RIGHT SELECT SET TABLE THEN UNION UPDATE USING VALUES VIEW WHEN WHERE WINDOW WITH";

  let loading = null;

  /* Fetch engine and file once; say which of them failed. */
  async function load(address) {
    importScripts("sql-wasm-browser.js");
    const [engine, bytes] = await Promise.all([
      initSqlJs({ locateFile: (name) => new URL(name, self.location).href }).catch((error) => {
        throw new Error(`SQLite could not be started: ${error.message}`);
      }),
      fetchFile(address),
    ]);
    const database = new engine.Database(bytes);
    const found = { engine, bytes, keys: keysOf(database), tables: columnsOf(database) };
    database.close();
    return found;
  }

  async function fetchFile(address) {
    const answer = await fetch(address).catch(() => ({ statusText: "no connection" }));
    if (!answer.ok) {
      const why = [answer.status, answer.statusText].filter(Boolean).join(" ");
      throw new Error(`The database could not be loaded from ${address}: ${why}`);
    }
    return new Uint8Array(await answer.arrayBuffer());
  }

  const values = (database, sql) => database.exec(sql)[0]?.values ?? [];

  /* Name → columns, of every table. */
  function columnsOf(database) {
    const rows = values(
      database,
      "SELECT t.name, c.name FROM sqlite_master AS t, pragma_table_info(t.name) AS c" +
        " WHERE t.type = 'table' ORDER BY t.rowid, c.cid",
    );
    const tables = {};
    for (const [table, column] of rows) (tables[table] ??= []).push(column);
    return tables;
  }

  /* Name → keys, of every table with a key of one text column; the page makes links of them. */
  function keysOf(database) {
    const keyed = values(
      database,
      "SELECT t.name, min(c.name) FROM sqlite_master AS t, pragma_table_info(t.name) AS c" +
        " WHERE t.type = 'table' AND c.pk > 0 GROUP BY t.name HAVING count(*) = 1",
    );
    const quoted = (name) => `"${name.replaceAll('"', '""')}"`;
    return Object.fromEntries(
      keyed.map(([table, key]) => [
        table,
        values(database, `SELECT ${quoted(key)} FROM ${quoted(table)}`).flat(),
      ]),
    );
  }

  /* Run all statements; the rows are those of the last one that has columns. */
  function run({ engine, bytes, keys, tables }, sql) {
    const database = new engine.Database(bytes);
    const start = performance.now();
    const result = { columns: [], rows: [], more: false, keys };
    try {
      for (const statement of database.iterateStatements(sql)) {
        const columns = statement.getColumnNames();
        const rows = [];
        let more = false;
        while (!more && statement.step()) {
          if (rows.length === MOST_ROWS) more = true;
          else rows.push(statement.get().map(plain));
        }
        if (columns.length) Object.assign(result, { columns, rows, more });
      }
      return { ...result, milliseconds: performance.now() - start };
    } catch (error) {
      return { error: error.message, hint: hint(error.message, sql, tables, database) };
    } finally {
      database.close();
    }
  }

  /* Bytes, which no table here holds but a query may make, as SQL writes them. */
  const plain = (value) =>
    value instanceof Uint8Array
      ? `x'${Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("")}'`
      : value;

  // ---- The way out of an error ----

  function hint(message, sql, tables, database) {
    const [, what, name] =
      message.match(/no such (table|column|function): (?:.*\.)?"?([^\s"]+)/) ??
      message.match(/(near) "(.+)": syntax error/) ??
      [];
    if (what === "table")
      return meant(name, Object.keys(tables)) || `The tables are ${list(Object.keys(tables))}.`;
    if (what === "column") return columnHint(name, sql, tables);
    if (what === "function") {
      const known = values(database, "SELECT DISTINCT name FROM pragma_function_list").flat();
      return meant(name, known);
    }
    if (what === "near") return syntaxHint(name, sql, tables);
    if (message === "incomplete input")
      return "The query ends too early: a bracket or a word is missing.";
    return "";
  }

  function syntaxHint(word, sql, tables) {
    const [before, ...behind] = sql.split(word);
    if (behind.length !== 1) return `Look before or at one of the “${word}”.`;
    const keywords = KEYWORDS.split(" ");
    const right = new Set([...Object.entries(tables).flat(2), ...keywords]);
    // A misspelt word is read as a name, and the error comes with the word behind it.
    const guess = [before.match(/\w+/g)?.at(-1) ?? "", word]
      .filter((each) => !right.has(each))
      .map((each) => meant(each, keywords));
    const line = `Look at line ${before.split("\n").length}, before or at “${word}”.`;
    return [line, ...guess].filter(Boolean).join(" ");
  }

  function columnHint(name, sql, tables) {
    const words = new Set(sql.match(/\w+/g));
    const used = Object.keys(tables).filter((table) => words.has(table));
    const guess = meant(name, new Set(used.flatMap((table) => tables[table])));
    if (guess) return guess;
    const elsewhere = Object.keys(tables).filter((table) => tables[table].includes(name));
    if (elsewhere.length) return `“${name}” is a column of ${list(elsewhere)}.`;
    return used.map((table) => `The columns of ${table} are ${list(tables[table])}.`).join(" ");
  }

  function meant(word, names) {
    const lower = word.toLowerCase();
    const near = [...names]
      .map((name) => [distance(lower, name.toLowerCase()), name])
      .filter(
        ([far, name]) => far > 0 && far <= Math.max(1, Math.min(word.length, name.length) / 3),
      )
      .sort(([a], [b]) => a - b)
      .slice(0, 3);
    return near.length
      ? `Did you mean ${list(
          near.map(([, name]) => name),
          "or",
        )}?`
      : "";
  }

  const list = (names, word = "and") =>
    names.length > 1 ? `${names.slice(0, -1).join(", ")} ${word} ${names.at(-1)}` : names.join("");

  /* How many letters to add, drop, change or swap with the next one. */
  function distance(a, b) {
    const far = Array.from({ length: a.length + 1 }, (_, i) => [i]);
    for (let j = 1; j <= b.length; j++) far[0][j] = j;
    for (let i = 1; i <= a.length; i++) {
      for (let j = 1; j <= b.length; j++) {
        const same = a[i - 1] === b[j - 1];
        far[i][j] = Math.min(far[i - 1][j] + 1, far[i][j - 1] + 1, far[i - 1][j - 1] + !same);
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
          far[i][j] = Math.min(far[i][j], far[i - 2][j - 2] + 1);
      }
    }
    return far[a.length][b.length];
  }

  const whenNotLoaded = (error) =>
    /wasm|WebAssembly/i.test(error.message)
      ? "The browser must have WebAssembly, and a server with a Content Security Policy must allow" +
        " 'wasm-unsafe-eval' for query-worker.js."
      : "Check the connection and run the query again.";

  self.onmessage = async ({ data: { id, database, sql } }) => {
    let answer;
    try {
      loading ??= load(database);
      answer = run(await loading, sql);
    } catch (error) {
      loading = null; // the next try loads again
      answer = { error: error.message, hint: whenNotLoaded(error), unloaded: true };
    }
    self.postMessage({ id, ...answer });
  };
})();
