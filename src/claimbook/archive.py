"""Addresses of copies of a web page in the public web archive, made without asking it."""

from datetime import date

_ARCHIVE = "https://web.archive.org/web"


def copy_address(url: str, day: date | None) -> str:
    """Address that leads to the archive's copy of a page nearest to a day.

    Parameters
    ----------
    url
        The page.
    day
        The day, or None for the list of the archive's copies.

    Returns
    -------
    str
        Whether there is a copy, only the archive knows.

    Examples
    --------
    >>> copy_address("https://example.org/a", date(2020, 6, 5))
    'https://web.archive.org/web/20200605/https://example.org/a'
    >>> copy_address("https://example.org/a", None)
    'https://web.archive.org/web/*/https://example.org/a'
    """
    return f"{_ARCHIVE}/{day:%Y%m%d}/{url}" if day else f"{_ARCHIVE}/*/{url}"
