"""What the book sets from the record: references in sentences, tables, pages of the ledger.

A Sphinx extension upon :mod:`claimbook`, the engine.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: "Sphinx") -> dict[str, Any]:
    """Register the report's references and directives with Sphinx."""
    from strikes2024.report import dictionary, metadata, pages, references

    app.setup_extension("claimbook")
    for module in (references, metadata, pages, dictionary):
        module.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
