"""Make the fonts of the report from packages of their makers: ``python tools/fonts.py``.

Pages take WOFF2 files (with a style sheet that names them), pictures TrueType files; both are parts
of the same faces, so that a label is as wide on the page as Matplotlib thought. What this writes
is committed: `make fonts` runs it, neither the book nor its tests do. It needs npm, and Brotli for
WOFF2.

What is bold is semi-bold: heavier letters would be too dark between lines of text and in charts.

The faces are Source Sans 3 (text, tables, charts), Source Serif 4 (headings; the text on paper),
Source Code Pro and, for Arabic names, IBM Plex Sans Arabic. Their licence reserves the names
"Source" and "Plex" for the whole fonts; parts of them must have other names.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "src" / "claimbook" / "assets"
PICTURES = ROOT / "src" / "strikes2024" / "charts" / "assets" / "fonts"

# Source Sans is small in its em. In one of 940 units, not 1000, its lower-case letters are as high
# as those of other faces, so a size in a chart or a style sheet means what it does elsewhere.
SANS_EM = 940

# Packages of npm, each as `name@version`, and the SHA-256 of its archive.
SANS = ("source-sans@3.52.0", "49cf78ddd79b436591ee696785222b54ff28102922e3d3df297fe382d7fdfa88")
SERIF = ("source-serif@4.5.1", "19a448df98f4aa777de3452b0a1e29aa7ffe29252fe552c8a2d2531702d80746")
CODE = (
    "source-code-pro@2.42.0",
    "51f898e0712c5f1b3f583b63c9ab7d51daaa9bae1d4c8dc63dc2a4b6a72d7ae4",
)
PLEX = (
    "@expo-google-fonts/ibm-plex-sans-arabic@0.4.2",
    "5ed540bd741bef113de95201a3ecdccdd2cf8d128dff2d0a7fb4864366b5e65f",
)

# What most pages need, what names and titles in other languages need besides, and Arabic script
# with the letters of Persian. Ranges as CSS writes them.
LATIN = (
    "U+20-7E, U+A0-FF, U+11E-11F, U+130-131, U+15E-15F, U+2010-2014, U+2018-201E, U+2020-2022, "
    "U+2026, U+2030, U+2032-2033, U+2039-203A, U+20AC, U+2122, U+2190-2193, U+2212, U+2248, "
    "U+2260, U+2264-2265"
)
OTHER = (
    "U+100-11D, U+120-12F, U+132-15D, U+160-17F, U+1CD-1D4, U+1E6-1E7, U+218-21B, U+2BB-2BF, "
    "U+300-304, U+306-308, U+30C, U+323, U+327-328, U+331, U+400-45F, U+490-491, U+1E00-1EFF"
)
ARABIC = (
    "U+60C, U+61B, U+61F, U+621-63A, U+640-652, U+660-66C, U+670-671, U+67E, U+686, U+698, "
    "U+6A9, U+6AF, U+6CC, U+6F0-6F9, U+200C-200F"
)
FEATURES = [
    "ccmp", "kern", "liga", "locl", "mark", "mkmk", "tnum",
    "calt", "fina", "init", "isol", "medi", "rlig",
]  # fmt: skip


@dataclass(frozen=True)
class Face:
    """A part of one face: where it comes from, what it holds, and what it is called."""

    name: str
    package: tuple[str, str]
    path: str
    family: str
    weight: int
    ranges: str
    italic: bool = False


_REGULAR, _BOLD, _ITALIC = (f"TTF/SourceSans3-{cut}.ttf" for cut in ("Regular", "Semibold", "It"))
_HEADING, _TEXT, _STRONG, _SLANTED = (
    f"TTF/SourceSerif4{cut}.ttf" for cut in ("Subhead-Semibold", "-Regular", "-Semibold", "-It")
)
_ARABIC = "400Regular/IBMPlexSansArabic_400Regular.ttf"
_CODE = "TTF/SourceCodePro-Regular.ttf"
BOTH = f"{LATIN}, {OTHER}"
WOFF2 = (
    Face("sans", SANS, _REGULAR, "Report Sans", 400, LATIN),
    Face("sans-other", SANS, _REGULAR, "Report Sans", 400, OTHER),
    Face("sans-bold", SANS, _BOLD, "Report Sans", 700, LATIN),
    Face("sans-bold-other", SANS, _BOLD, "Report Sans", 700, OTHER),
    Face("sans-italic", SANS, _ITALIC, "Report Sans", 400, LATIN, True),
    Face("sans-italic-other", SANS, _ITALIC, "Report Sans", 400, OTHER, True),
    Face("arabic", PLEX, _ARABIC, "Report Sans", 400, ARABIC),
    Face("heading", SERIF, _HEADING, "Report Serif", 400, LATIN),
    Face("heading-other", SERIF, _HEADING, "Report Serif", 400, OTHER),
    Face("mono", CODE, _CODE, "Report Mono", 400, LATIN),
)
# For the print edition alone, which has its own text face.
PAPER = (
    Face("paper", SERIF, _TEXT, "Report Paper", 400, BOTH),
    Face("paper-bold", SERIF, _STRONG, "Report Paper", 700, BOTH),
    Face("paper-italic", SERIF, _SLANTED, "Report Paper", 400, BOTH, True),
)
TTF = (
    Face("sans", SANS, _REGULAR, "Report Sans", 400, BOTH),
    Face("sans-bold", SANS, _BOLD, "Report Sans", 700, BOTH),
    Face("sans-italic", SANS, _ITALIC, "Report Sans", 400, BOTH, True),
    Face("heading", SERIF, _HEADING, "Report Serif", 400, BOTH),
    Face("arabic", PLEX, _ARABIC, "Report Arabic", 400, ARABIC),
)


def unpacked(package: tuple[str, str], folder: Path) -> Path:
    """Fetch a package through npm, unless it is there, and return its folder.

    Raises
    ------
    SystemExit
        The archive is not the one that was checked.
    """
    name, digest = package
    target = folder / digest
    if not target.is_dir():
        archive = folder / subprocess.run(
            ["npm", "pack", "--silent", "--pack-destination", str(folder), name],
            check=True, capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip
        if hashlib.sha256(archive.read_bytes()).hexdigest() != digest:
            sys.exit(f"{name}: not the archive with the SHA-256 {digest}")
        with tarfile.open(archive) as tar:
            tar.extractall(target, filter="data")
    return target / "package"


def code_points(ranges: str) -> Iterator[int]:
    """Yield each code point of ranges such as ``U+20-7E, U+A0``."""
    for part in ranges.split(", "):
        first, _, last = part.removeprefix("U+").partition("-")
        yield from range(int(first, 16), int(last or first, 16) + 1)


def cut(face: Face, source: Path, target: Path) -> None:
    """Write the part of a font that a face holds, under the face's name."""
    options = subset.Options(
        hinting=False,
        layout_features=FEATURES,
        name_IDs=[0, 5, 7, 13, 14],
        notdef_outline=True,
        flavor="woff2" if target.suffix == ".woff2" else None,
    )
    # Its date stays, or each run would write other files.
    font = TTFont(source, recalcTimestamp=False)
    if "meta" in font:  # what languages the whole font is for
        del font["meta"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=code_points(face.ranges))
    cutter.subset(font)
    if face.package is SANS:
        font["head"].unitsPerEm = SANS_EM
    style = "Italic" if face.italic else {400: "Regular", 700: "Bold"}[face.weight]
    full = f"{face.family} {style}"
    names = {1: face.family, 2: style, 3: full, 4: full, 6: full.replace(" ", "")}
    for number, text in names.items():
        font["name"].setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = face.weight
    font.flavor = options.flavor
    font.save(target)


def rule(face: Face, style: str, weights: str) -> str:
    """Return the ``@font-face`` rule of a file for pages."""
    return (
        f'@font-face {{\n  font-family: "{face.family}";\n'
        f'  src: url("fonts/{face.name}.woff2") format("woff2");\n'
        f"  font-style: {style};\n  font-weight: {weights};\n  font-display: swap;\n"
        f"  unicode-range: {face.ranges};\n}}\n"
    )


def rules(face: Face) -> Iterator[str]:
    """Yield the rules of a file; the one face of Arabic stands for all, as browsers mix no others.

    Of the faces of a family a browser takes those of one style and one range of weights.
    """
    if face.package is PLEX:
        for style, weights in (("normal", "400"), ("normal", "600 900"), ("italic", "400")):
            yield rule(face, style, weights)
    elif face.family in ("Report Serif", "Report Mono"):  # one weight does for all
        yield rule(face, "normal", "400 900")
    else:
        weights = "600 900" if face.weight == 700 else "400"
        yield rule(face, "italic" if face.italic else "normal", weights)


def fallback(family: str, sources: str, width: float, theirs: float, up: int, down: int) -> str:
    """Return the rule of a face that stands in while a font is on its way.

    A font of the reader's system, scaled so that its letters are as wide on average and its lines
    as high as ours: hardly anything moves when ours arrives. Lengths are thousandths of the type
    size; averages are over English text, theirs as in the npm package @capsizecss/metrics 4.3.0.
    """
    scale = width / theirs
    return (
        f'@font-face {{\n  font-family: "{family}";\n  src: {sources};\n'
        f"  size-adjust: {scale:.1%};\n  ascent-override: {up / 1000 / scale:.1%};\n"
        f"  descent-override: {down / 1000 / scale:.1%};\n  line-gap-override: 0%;\n}}\n"
    )


def main() -> None:
    """Write all files anew."""
    for folder in (PAGES / "fonts", PICTURES):
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
    notices = {}
    with tempfile.TemporaryDirectory() as folder:
        wanted = [(face, PAGES / "fonts" / f"{face.name}.woff2") for face in (*WOFF2, *PAPER)]
        wanted += [(face, PICTURES / f"{face.name}.ttf") for face in TTF]
        for face, target in wanted:
            package = unpacked(face.package, Path(folder))
            cut(face, package / face.path, target)
            terms = next(package.glob("LICENSE[._][Mm_F]*")).read_text(encoding="utf-8")
            notices[face.package[0]], _, terms = terms.partition("\n")
            print(f"{target.relative_to(ROOT)}: {target.stat().st_size / 1000:.0f} kB")
    licence = "".join(f"{name}: {notice}\n" for name, notice in notices.items())
    licence += terms.rstrip() + "\n"
    for folder in (PAGES / "fonts", PICTURES):
        (folder / "LICENSE.txt").write_text(licence, encoding="utf-8")
    head = "/* Made by tools/fonts.py; fonts/LICENSE.txt is their licence. */\n"
    sans = 'local("Arial"), local("Roboto"), local("Liberation Sans"), local("Helvetica")'
    stand_ins = [
        fallback("Report Sans Fallback", sans, 445, 446, 1064, 347),
        fallback("Report Serif Fallback", 'local("Georgia")', 442, 446, 1036, 335),
    ]
    sheet = "\n".join([head, *(text for face in WOFF2 for text in rules(face)), *stand_ins])
    (PAGES / "fonts.css").write_text(sheet, encoding="utf-8")
    paper = "\n".join([head, *(text for face in PAPER for text in rules(face))])
    (PAGES / "fonts-paper.css").write_text(paper, encoding="utf-8")


if __name__ == "__main__":
    main()
