"""Validate a data directory: the form of its files, the schema, then the sense of the rows."""

from strikes2024.validation.schema import MissingExtraError, Report, validate

__all__ = ["MissingExtraError", "Report", "validate"]
