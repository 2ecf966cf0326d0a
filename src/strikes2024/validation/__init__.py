"""Validate a data directory: the form of its files, the schema, then the sense of the rows."""

from strikes2024.schema import MissingExtraError
from strikes2024.validation.schema import Report, validate

__all__ = ["MissingExtraError", "Report", "validate"]
