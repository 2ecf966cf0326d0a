"""Make an SVG drawing fit to stand inside a page beside others."""

import re
from collections.abc import Mapping

_PROLOGUE = re.compile(
    r"<\?xml.*?\?>|<!DOCTYPE[^>]*>|<!--.*?-->|<metadata>.*?</metadata>", re.DOTALL
)
ROOT = re.compile(r"<svg\b[^>]*>", re.DOTALL)
_ROOT_SIZE = re.compile(r"\s(?:width|height|id|role|focusable|aria-\w+)=(?:\"[^\"]*\"|'[^']*')")
BOX = re.compile(r"<svg\b[^>]*\sviewBox=\"\S+ \S+ (\S+) (\S+)\"")
_ID = re.compile(r"\sid=([\"'])([^\"']+)\1")
_REFERENCE = re.compile(r"(url\(\s*[\"']?#|(?:xlink:)?href=[\"']#)([^\"')\s]+)")
_STYLE = re.compile(r"(<style[^>]*>)(.*?)(</style>)", re.DOTALL)
_RULE = re.compile(r"([^{}]+)(\{[^{}]*\})")
# What is finer than a screen shows is nearly half of the file: in an outline less than a tenth of a
# point, elsewhere (where opacities stand too) less than a hundredth.
_OUTLINE = re.compile(r"(?<=\sd=\")[^\"]+")
_TENTHS = re.compile(r"(\d\.\d)\d+")
_HUNDREDTHS = re.compile(r"(\d\.\d\d)\d+")
_BLANKS = re.compile(r"(?<=>)\s*\n\s*(?=<)")
_GROUP = re.compile(r"<g\b[^>]*>|</g>")
_NO_OUTLINE = re.compile(r"<path(?![^>]*\sd=)[^>]*/>")
_SCRIPT = re.compile(r"<script\b.*?(?:</script>|/>)", re.DOTALL | re.IGNORECASE)


_FAMILY = re.compile(r"font-family: [^;\"]*;? ?")


def themed(svg: str, colours: Mapping[str, str]) -> str:
    """Let a drawing follow the page: colours of these names by CSS variables, and its font.

    Parameters
    ----------
    svg
        The drawing.
    colours
        By name, the colours of the drawing that a page may change: ``ink`` is then taken from the
        variable ``--chart-ink``, and so on.
    """
    names = {colour: f"--chart-{name}" for name, colour in colours.items()}
    found = re.compile("|".join(map(re.escape, names)) or r"(?!)")
    return found.sub(lambda m: f"var({names[m[0]]}, {m[0]})", _FAMILY.sub("", svg))


def shape(svg: str) -> str:
    """Return width and height as the CSS property ``aspect-ratio`` takes them."""
    box = BOX.search(svg)
    return f"{box[1]} / {box[2]}" if box else "auto"


def rounded(svg: str) -> str:
    """Cut off decimals that nobody sees."""
    coarse = _OUTLINE.sub(lambda outline: _TENTHS.sub(r"\1", outline[0]), svg)
    return _HUNDREDTHS.sub(r"\1", coarse)


def lighter(svg: str) -> str:
    """Leave out what draws nothing: ids that nobody refers to, bare groups, paths without outline.

    Of what a drawing program writes that is a third.
    """
    used = {m[2] for m in _REFERENCE.finditer(svg)}
    text = _NO_OUTLINE.sub("", svg)
    text = _ID.sub(lambda m: m[0] if m[2] in used else "", text)
    kept: list[bool] = []  # of the groups that are open, from the outermost on

    def group(tag: re.Match[str]) -> str:
        if tag[0] == "</g>":
            return tag[0] if kept.pop() else ""
        bare = tag[0] in {"<g>", "<g/>"}
        if not tag[0].endswith("/>"):
            kept.append(not bare)
        return "" if bare else tag[0]

    return _BLANKS.sub("", _GROUP.sub(group, text))


def inline(svg: str, prefix: str) -> str:
    """An SVG for use inside HTML.

    Parameters
    ----------
    svg
        A drawing, as a drawing program writes it.
    prefix
        Put before its ids, which others on the page may have too.

    Returns
    -------
    str
        The drawing without what only a file of its own needs (prologue, metadata, fixed size,
        scripts). Its style rules hold inside it alone. It takes no part in what a screen reader
        says: its wrapper has the description.
    """
    text = lighter(rounded(_SCRIPT.sub("", _PROLOGUE.sub("", svg)).strip()))
    text = _ID.sub(lambda m: f" id={m[1]}{prefix}-{m[2]}{m[1]}", text)
    text = _REFERENCE.sub(lambda m: f"{m[1]}{prefix}-{m[2]}", text)
    text = _STYLE.sub(lambda m: m[1] + _scope(m[2], prefix) + m[3], text)
    root = f'<svg id="{prefix}" aria-hidden="true" focusable="false"'
    return ROOT.sub(lambda m: root + _ROOT_SIZE.sub("", m[0]).removeprefix("<svg"), text, count=1)


def _scope(css: str, prefix: str) -> str:
    def scoped(rule: re.Match[str]) -> str:
        selectors = ",".join(f"#{prefix} {part.strip()}" for part in rule[1].split(","))
        return selectors + rule[2]

    return _RULE.sub(scoped, css)
