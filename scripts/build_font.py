"""Make the page's font from Inter: the letters of European languages, in the weights that the page uses.

    pip install fonttools brotli
    python scripts/build_font.py FOLDER

FOLDER holds inter-latin-wght-normal.woff2 and inter-latin-ext-wght-normal.woff2 of Fontsource's package
@fontsource-variable/inter, version 5.3.0. Only this script needs fonttools; the program sends the finished files. The
second file is fetched only when a name has a letter of it: see unicode-range in tokens.css.
"""

import argparse
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FONTS = Path(__file__).parents[1] / "webui" / "static" / "fonts"
WEIGHTS = (400, 400, 600)  # lowest, usual, highest
FEATURES = ["kern", "tnum"]  # browsers compose letters and accents that come apart by themselves
COPYRIGHT_NAMES = [0, 1, 2, 3, 4, 5, 6, 13, 14]  # copyright and licence stay in the file
BASIC = {
    *range(0x20, 0x7F), *range(0xA0, 0x100), *map(ord, "ıŒœ–—‘’‚“”„•…′″‹›€™↑↓−"),
    *range(0x300, 0x330),  # accents that a system writes apart from their letters
}  # fmt: skip
EXTENDED = {*range(0x100, 0x180), *range(0x218, 0x21C), 0x1E9E} - BASIC


def main() -> None:
    """Make both files, and print their sizes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    for name, letters in (("latin", BASIC), ("latin-ext", EXTENDED)):
        made = FONTS / f"inter-{name}.woff2"
        cut(folder / f"inter-{name}-wght-normal.woff2", letters).save(made)
        print(f"{made.name}: {made.stat().st_size} bytes")


def cut(source: Path, letters: set[int]) -> TTFont:
    """Return a font with fewer letters, features and weights.

    Args:
        source: The whole of it.
        letters: Code points; those that it does not have are passed over.
    """
    font = instantiateVariableFont(TTFont(source, recalcTimestamp=False), {"wght": WEIGHTS})
    moved = font["gvar"].variations
    font["gvar"].variations = {glyph: moved.get(glyph, []) for glyph in font.getGlyphOrder()}
    options = Options(layout_features=FEATURES, hinting=False, name_IDs=COPYRIGHT_NAMES, notdef_outline=True)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters & set(font.getBestCmap()))
    subsetter.subset(font)
    font.flavor = "woff2"
    return font


if __name__ == "__main__":
    main()
