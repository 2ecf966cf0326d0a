"""Directives for the part on the data: the dictionary of tables, their diagram, the downloads."""

from pathlib import Path

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from strikes2024.cite import citation
from strikes2024.report import datafiles
from strikes2024.report.diagram import diagram
from strikes2024.report.markup import Row, code, filled, inline, link, stack, table
from strikes2024.report.pages import raw, section
from strikes2024.report.record import tables
from strikes2024.schema import Table, read_package
from strikes2024.wording import number


class DataDictionary(SphinxDirective):
    """``{data-dictionary}``: a section a table, a row a column."""

    def run(self) -> list[nodes.Node]:
        return [self._section(described) for described in read_package().tables.values()]

    def _section(self, described: Table) -> nodes.Node:
        name = described.name
        about = Markup("<p>{} <span>{} rows; key {}.</span></p>").format(
            inline(described.description),
            number(len(tables()[name])),
            code(", ".join(described.primary_key)),
        )
        rows = []
        for field in described.fields:
            never_blank = "; never blank" if field.required else ""
            cells = [
                stack(code(field.name), field.title + never_blank),
                filled("holds.html", field=field),
                inline(field.description) + filled("limits.html", field=field),
            ]
            rows.append(Row(f"field-{name}-{field.name}", cells))
        columns = table(f"Columns of {name}", ("Column", "Holds", "Meaning, allowed values"), rows)
        return section(f"{name}: {described.title}", f"table-{name}", raw(about), raw(columns))


class TableDiagram(SphinxDirective):
    """``{table-diagram}``: the tables and what refers to what."""

    def run(self) -> list[nodes.Node]:
        rows = {name: len(tables()[name]) for name in tables()}
        return [raw(diagram(read_package(), rows))]


class Downloads(SphinxDirective):
    """``{data-downloads}``: every file of the data, with size, rows and checksum."""

    def run(self) -> list[nodes.Node]:
        app = self.env.app
        up = "../" * app.builder.get_target_uri(self.env.docname).count("/")
        cells = []
        for file in datafiles.files(Path(app.outdir)):
            href = f"{up}{datafiles.FOLDER}/{file.path.name}"
            to = link(href, file.path.name, download="")
            size = f"{file.size / 1024:,.0f} kB"
            rows = "" if file.rows is None else f", {number(file.rows)} rows"
            shown = [to, inline(file.what), size + rows, code(file.sha256)]
            cells.append(Row(f"file-{nodes.make_id(file.path.name)}", shown))
        heads = ("File", "Holds", "Size", "SHA-256")
        caption = f"Data version {read_package().version}, licence CC BY 4.0"
        sums = link(f"{up}{datafiles.FOLDER}/{datafiles.SUMS}", datafiles.SUMS)
        return [raw(table(caption, heads, cells) + Markup("<p>{}</p>").format(sums))]


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
    app.add_directive("data-downloads", Downloads)
    app.add_directive("data-citation", Citation)
    # Then the kernels are at work already.
    app.connect("env-before-read-docs", datafiles.make)
