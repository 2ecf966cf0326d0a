"""Directives for the part on the data: the dictionary of tables, their diagram, the downloads."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

import strikes2024
from strikes2024 import schema
from strikes2024.report import datafiles
from strikes2024.report.diagram import diagram
from strikes2024.report.pages import html_table
from strikes2024.report.record import tables
from strikes2024.wording import number

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from strikes2024.schema import Field, Table

_CODE = re.compile(r"`([^`]+)`")
_TYPES = {"string": "text", "datetime": "moment (UTC)", "boolean": "true or false",
          "integer": "whole number"}  # fmt: skip
_MANY = 14  # more values than these are folded away


def _package() -> schema.Package:
    return schema.read_package(strikes2024.data_dir())


def _inline(text: str) -> str:
    """Text of the descriptor as HTML: what stands between backticks is code."""
    return _CODE.sub(r"<code>\1</code>", escape(text))


class DataDictionary(SphinxDirective):
    """``{data-dictionary}``: a section a table, a row a column."""

    def run(self) -> list[nodes.Node]:
        return [self._section(table) for table in _package().tables.values()]

    def _section(self, table: Table) -> nodes.Node:
        section = nodes.section(ids=[f"table-{table.name}"])
        section += nodes.title("", f"{table.name}: {table.title}")
        rows = number(len(tables()[table.name]))
        keys = ", ".join(table.primary_key)
        about = f"<p>{_inline(table.description)} <span>{rows} rows; key <code>{escape(keys)}"
        section += nodes.raw("", f"{about}</code>.</span></p>", format="html")
        cells = [(f"field-{table.name}-{field.name}", _cells(field)) for field in table.fields]
        heads = ("Column", "Holds", "Meaning, allowed values")
        html = html_table(f"Columns of {table.name}", heads, cells)
        section += nodes.raw("", html, format="html")
        return section


def _cells(field: Field) -> list[str]:
    name = f"<code>{escape(field.name)}</code>"
    small = [field.title] + ["never blank"] * field.required
    meaning = _inline(field.description) + _limits(field)
    return [f'{name}<br><span class="muted">{escape("; ".join(small))}</span>', _holds(field),
            meaning]  # fmt: skip


def _holds(field: Field) -> str:
    if field.reference:
        link = f'<a href="#table-{escape(field.reference.table)}">{escape(field.reference.table)}'
        return f"{'keys' if field.delimiter else 'key'} of {link}</a>" + _parted(field)
    words = "texts" if field.delimiter else _TYPES.get(field.type, field.type)
    if field.format == "uri":
        words = "web address"
    return words + _parted(field)


def _parted(field: Field) -> str:
    return f", parted by <code>{escape(field.delimiter)}</code>" if field.delimiter else ""


def _limits(field: Field) -> str:
    low, high = field.constraints.get("minimum"), field.constraints.get("maximum")
    text = ""
    if low is not None or high is not None:
        ends = [f"from {low}"] * (low is not None) + [f"to {high}"] * (high is not None)
        text = f'<br><span class="muted">{escape(" ".join(ends))}</span>'
    if field.enum:
        values = ", ".join(f"<code>{escape(value)}</code>" for value in field.enum)
        if len(field.enum) > _MANY:
            summary = f"{len(field.enum)} values"
            return f"{text}<details><summary>{summary}</summary>{values}</details>"
        text += f"<br>{values}"
    return text


class TableDiagram(SphinxDirective):
    """``{table-diagram}``: the tables and what refers to what."""

    def run(self) -> list[nodes.Node]:
        rows = {name: len(tables()[name]) for name in tables()}
        html = (
            '<div class="table-scroll" tabindex="0" role="region" aria-label="Diagram of tables">'
            f"{diagram(_package(), rows)}</div>"
        )
        return [nodes.raw("", html, format="html")]


class Downloads(SphinxDirective):
    """``{data-downloads}``: every file of the data, with size, rows and checksum."""

    def run(self) -> list[nodes.Node]:
        app = self.env.app
        up = "../" * app.builder.get_target_uri(self.env.docname).count("/")
        cells = []
        for file in datafiles.files(Path(app.outdir)):
            href = f"{up}{datafiles.FOLDER}/{file.path.name}"
            link = f'<a href="{escape(href)}" download>{escape(file.path.name)}</a>'
            size = f"{file.size / 1024:,.0f} kB"
            rows = "" if file.rows is None else f", {number(file.rows)} rows"
            cells.append(
                (
                    f"file-{nodes.make_id(file.path.name)}",
                    [link, _inline(file.what), size + rows, f"<code>{file.digest}</code>"],
                )
            )
        version = escape(_package().version)
        heads = ("File", "Holds", "Size", "SHA-256")
        caption = f"Data version {version}, licence CC BY 4.0"
        sums = f'<p><a href="{up}{datafiles.FOLDER}/{datafiles.SUMS}">{datafiles.SUMS}</a></p>'
        return [nodes.raw("", html_table(caption, heads, cells) + sums, format="html")]


class Citation(SphinxDirective):
    """``{data-citation} style``: how to cite the data, with both versions."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        from strikes2024.cite import citation

        text = citation(self.arguments[0])
        if self.arguments[0] == "text":
            return [nodes.block_quote("", nodes.paragraph("", text))]
        return [nodes.literal_block(text, text, language="text")]


def setup(app: Sphinx) -> dict[str, Any]:
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
    return {"parallel_read_safe": True, "parallel_write_safe": True}
