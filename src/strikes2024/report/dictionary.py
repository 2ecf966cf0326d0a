"""Directives for the part on the data: the dictionary of tables, their diagram, the downloads."""

from pathlib import Path

from docutils import nodes
from markupsafe import Markup
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from strikes2024.report import datafiles
from strikes2024.report.diagram import diagram
from strikes2024.report.markup import Row, code, details, inline, joined, link, small, stack
from strikes2024.report.markup import table as html_table
from strikes2024.report.pages import raw
from strikes2024.report.record import tables
from strikes2024.schema import Field, Table, read_package
from strikes2024.wording import number

_TYPES = {"string": "text", "datetime": "moment (UTC)", "boolean": "true or false",
          "integer": "whole number"}  # fmt: skip
_MANY = 14  # more values than these are folded away


class DataDictionary(SphinxDirective):
    """``{data-dictionary}``: a section a table, a row a column."""

    def run(self) -> list[nodes.Node]:
        return [self._section(table) for table in read_package().tables.values()]

    def _section(self, table: Table) -> nodes.Node:
        section = nodes.section(ids=[f"table-{table.name}"])
        section += nodes.title("", f"{table.name}: {table.title}")
        rows = number(len(tables()[table.name]))
        keys = ", ".join(table.primary_key)
        about = Markup("<p>{} <span>{} rows; key {}.</span></p>")
        section += raw(about.format(inline(table.description), rows, code(keys)))
        cells = [Row(f"field-{table.name}-{field.name}", _cells(field)) for field in table.fields]
        heads = ("Column", "Holds", "Meaning, allowed values")
        section += raw(html_table(f"Columns of {table.name}", heads, cells))
        return section


def _cells(field: Field) -> list[str]:
    about = [field.title] + ["never blank"] * field.required
    meaning = inline(field.description) + _limits(field)
    return [stack(code(field.name), "; ".join(about)), _holds(field), meaning]


def _holds(field: Field) -> str:
    if field.reference:
        to = link(f"#table-{field.reference.table}", field.reference.table)
        keys = Markup("keys of ") if field.delimiter else Markup("key of ")
        return keys + to + _separated(field)
    words = "texts" if field.delimiter else _TYPES.get(field.type, field.type)
    if field.format == "uri":
        words = "web address"
    return words + _separated(field)


def _separated(field: Field) -> Markup:
    if not field.delimiter:
        return Markup("")
    return Markup(", separated by {}").format(code(field.delimiter))


def _limits(field: Field) -> Markup:
    low, high = field.constraints.get("minimum"), field.constraints.get("maximum")
    text = Markup("")
    if low is not None or high is not None:
        ends = [f"from {low}"] * (low is not None) + [f"to {high}"] * (high is not None)
        text = small(" ".join(ends))
    if field.enum:
        values = joined(code(value) for value in field.enum)
        if len(field.enum) > _MANY:
            return text + details(f"{len(field.enum)} values", values, "allowed-values")
        text += Markup("<br>\n") + values
    return text


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
        return [raw(html_table(caption, heads, cells) + Markup("<p>{}</p>").format(sums))]


class Citation(SphinxDirective):
    """``{data-citation} style``: how to cite the data, with both versions."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        from strikes2024.cite import citation

        text = citation(self.arguments[0])
        if self.arguments[0] == "text":
            return [nodes.block_quote("", nodes.paragraph("", text))]
        return [nodes.literal_block(text, text, language="text")]


def setup(app: Sphinx) -> None:
    """Register the directives, and make the files before pages are read."""
    for name, directive in (
        ("data-dictionary", DataDictionary),
        ("table-diagram", TableDiagram),
        ("data-downloads", Downloads),
        ("data-citation", Citation),
    ):
        app.add_directive(name, directive)
    # Then the kernels are at work already.
    app.connect("env-before-read-docs", datafiles.make)
