"""Directives for the part on the data: dictionary of tables, diagram, queries, downloads."""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from claimbook.query import QueryConsole
from strikes2024.cite import citation
from strikes2024.export import FORMATS
from strikes2024.report import datafiles
from strikes2024.report.diagram import diagram
from strikes2024.report.pages import raw, section
from strikes2024.report.record import tables
from strikes2024.report.references import ROWS
from strikes2024.report.table import table_html
from strikes2024.schema import Table, read_package


class DataDictionary(SphinxDirective):
    """``{data-dictionary}``: a section a table, a row a column."""

    def run(self) -> list[nodes.Node]:
        return [self._section(table) for table in read_package().tables.values()]

    def _section(self, table: Table) -> nodes.Node:
        caption, count = f"Columns of {table.name}", len(tables()[table.name])
        html = table_html(tables(), "dictionary", caption, table.fields, table=table, count=count)
        return section(f"{table.name}: {table.title}", f"table-{table.name}", raw(html))


class TableDiagram(SphinxDirective):
    """``{table-diagram}``: the tables and what refers to what."""

    def run(self) -> list[nodes.Node]:
        rows = {name: len(tables()[name]) for name in tables()}
        return [raw(diagram(read_package(), rows))]


# Tables whose rows have a place in the book: page, and anchor less the key.
PLACES = {kind.table: (f"chapters/{kind.page}", f"{kind.anchor}-") for kind in ROWS} | {
    "places": ("chapters/places", "place-")
}


class Query(QueryConsole):
    """``{query}``: queries over the SQLite file that `datafiles` writes before pages are read."""

    path = f"{datafiles.FOLDER}/{FORMATS['sqlite'].default}"
    metadata = f"{datafiles.FOLDER}/{datafiles.METADATA}"
    dictionary = "chapters/dictionary"
    rows_at = PLACES
    tables = tuple(read_package().tables.values())


class Downloads(SphinxDirective):
    """``{data-downloads}``: every file of the data, with size, rows and checksum."""

    def run(self) -> list[nodes.Node]:
        app = self.env.app
        up = "../" * app.builder.get_target_uri(self.env.docname).count("/")
        html = table_html(
            tables(),
            "downloads",
            f"Data version {read_package().version}, licence CC BY 4.0",
            datafiles.files(Path(app.outdir) / datafiles.FOLDER),
            folder=f"{up}{datafiles.FOLDER}/",
            sums=datafiles.SUMS,
            make_id=nodes.make_id,
        )
        return [raw(html)]


class Citation(SphinxDirective):
    """``{data-citation} style``: how to cite the data, with both versions."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        text = citation(self.arguments[0])
        if self.arguments[0] == "text":
            return [nodes.block_quote("", nodes.paragraph("", text))]
        return [nodes.literal_block(text, text, language="text")]


def setup(app: Sphinx) -> None:
    """Register the directives, and make the files before pages are read."""
    app.add_directive("data-dictionary", DataDictionary)
    app.add_directive("table-diagram", TableDiagram)
    app.add_directive("query", Query)
    app.add_directive("data-downloads", Downloads)
    app.add_directive("data-citation", Citation)
    # Then the kernels are at work already.
    app.connect("env-before-read-docs", datafiles.make)
