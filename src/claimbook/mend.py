"""What other libraries write in HTML against the rules, put right."""

import re

from markupsafe import Markup

from claimbook.markup import unbroken

# A heading of mere text; others may hold the same words in an address.
_HEADING = re.compile(r'(?<=<h[1-6]>)[^<]+(?=<a class="headerlink")')
_MENDS = (
    (re.compile(r'<summary aria-label="Toggle hidden content">'), "<summary>"),
    (
        re.compile(r'<p class="(collapsed|expanded) admonition-title">(.*?)</p>'),
        r'<span class="\1 admonition-title">\2</span>',
    ),
    (re.compile(r"<style scoped>.*?</style>\s*", re.DOTALL), ""),
    (re.compile(r'<table border="1" class="dataframe">'), '<table class="dataframe">'),
    (re.compile(r"<th></th>"), "<td></td>"),
    # What may be wider than a phone is scrolled by keyboard too.
    (
        re.compile(r'<div class="output text_html">(?=<div>\s*<table class="dataframe">)'),
        '<div class="output text_html" tabindex="0" role="group" aria-label="Table">',
    ),
    (
        re.compile(r'(<div class="highlight">)<pre>'),
        r'\1<pre tabindex="0" role="group" aria-label="Code or its output">',
    ),
)


def patched(body: str) -> str:
    """Return the text of a page with what its makers write in HTML against the rules put right.

    myst-nb sets paragraphs into a ``summary`` and gives it a name that hides its words; pandas
    writes styles, borders and empty heads into its tables; neither lets a keyboard reach what
    has to be scrolled. A line of a heading does not end within a range or a date.
    """
    for pattern, right in _MENDS:
        body = pattern.sub(right, body)
    return _HEADING.sub(lambda text: unbroken(Markup(text[0])), body)  # noqa: S704 (from a page)
