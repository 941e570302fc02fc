"""A grade has a scale of its own, which no NEWS2 chart has, for both themes and colour-blind eyes (Rulings 2).

Contrast as WCAG 2.2 defines it: 4.5 at least for text, 7 aimed at for numbers, 3 for the edge of what is no text.
Colour-blind eyes as Machado, Oliveira and Fernandes simulate them (IEEE TVCG 2009;15:1291, severity 1.0, linear RGB).
Distances are those of CIE 1976 L*a*b* (D65): one of 2.3 is just noticeable (Mahy, Van Eycken and Oosterlinck, Color
Res Appl 1994;19:105). What of it is our choice: docs/grade_colours.md.
"""

import colorsys
import math
import re
from itertools import combinations, pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
CSS = (ROOT / "crsmonitor/static/crsmonitor/app.css").read_text()
DOCUMENT = (ROOT / "docs/grade_colours.md").read_text()
AS_IT_IS = ((1, 0, 0), (0, 1, 0), (0, 0, 1))
EYES = {
    "all colours": AS_IT_IS,
    "protanopia": (
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}  # fmt: skip
LIGHT, DARK = "", '[data-bs-theme="dark"] '
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
GRADES = "012345"
NAMES = [*GRADES, "open", "unexplained", "unseen"]
JUST_NOTICEABLE = 2.3
APART = 15  # our choice: six such steps and a half between any two grades
D65 = (0.95047, 1.0, 1.08883)
TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))


def colour(name, part, theme=LIGHT):
    """The dark theme says only what differs."""
    colour_hex = None
    for line in CSS.splitlines():
        selectors, _, rest = line.partition("{")
        chosen = [one.strip() for one in selectors.split(",")]
        match = re.search(rf"--grade-{part}: (#[0-9a-f]{{6}})", rest)
        if match and (f".grade-{name}" in chosen or f"{theme}.grade-{name}" in chosen):
            colour_hex = match[1]
    assert colour_hex, (name, part)
    return rgb_of(colour_hex)


def rgb_of(colour_hex):
    return tuple(int(colour_hex[at : at + 2], 16) / 255 for at in (1, 3, 5))


def token(name, theme=LIGHT):
    """A token of the page, such as --paper."""
    block = CSS.partition('[data-bs-theme="dark"] {' if theme else ":root {")[2].partition("}")[0]
    return rgb_of(re.search(rf"{name}: (#[0-9a-f]{{6}})", block)[1])


def times(matrix, vector):
    return [sum(w * c for w, c in zip(row, vector, strict=True)) for row in matrix]


def as_seen(rgb, eyes=AS_IT_IS):
    """Linear RGB, as these eyes see it."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return [min(max(c, 0), 1) for c in times(eyes, linear)]


def luminance(rgb, eyes=AS_IT_IS):
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), as_seen(rgb, eyes), strict=True))


def lab(rgb, eyes=AS_IT_IS):
    """CIE 1976 L*, a*, b*."""
    shares = [c / white for c, white in zip(times(TO_XYZ, as_seen(rgb, eyes)), D65, strict=True)]
    x, y, z = (c ** (1 / 3) if c > 216 / 24389 else (24389 / 27 * c + 16) / 116 for c in shares)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one, other, eyes=AS_IT_IS):
    return math.dist(lab(one, eyes), lab(other, eyes))


def contrast(one, other, eyes=AS_IT_IS):
    dark, light = sorted((luminance(one, eyes), luminance(other, eyes)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_wcag():
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert contrast((1, 1, 1), (0x76 / 255,) * 3) == pytest.approx(4.54, abs=0.01)


def test_distance_is_that_of_cie_1976():
    assert lab((1, 1, 1)) == pytest.approx((100, 0, 0), abs=0.02)
    assert lab((1, 0, 0)) == pytest.approx((53.24, 80.09, 67.20), abs=0.02)  # sRGB red, as tables of it print
    assert distance((0, 0, 0), (1, 1, 1)) == pytest.approx(100, abs=0.02)


def test_who_tells_no_red_from_green_is_who_is_simulated():
    """Ishihara's first plates: this orange and this green, far apart, are near for protanopia and deuteranopia."""
    orange, green = rgb_of("#c8a04a"), rgb_of("#9fae4a")
    for eyes in ("protanopia", "deuteranopia"):
        assert distance(orange, green, EYES[eyes]) < distance(orange, green) / 2
    assert distance(orange, green, EYES["tritanopia"]) > distance(orange, green) / 2


@THEMES
@pytest.mark.parametrize("name", NAMES)
def test_digit_and_word_can_be_read(name, theme):
    assert contrast(colour(name, "paper", theme), colour(name, "ink", theme)) >= 7


@pytest.mark.parametrize("eyes", EYES)
def test_a_worse_grade_is_darker_to_all_eyes(eyes):
    papers = [colour(str(grade), "paper") for grade in range(6)]
    brightness = [luminance(paper, EYES[eyes]) for paper in papers]

    assert brightness == sorted(brightness, reverse=True)
    for milder, worse in pairwise(papers):
        assert contrast(milder, worse, EYES[eyes]) >= 1.4, (milder, worse)


@THEMES
@pytest.mark.parametrize("eyes", EYES)
def test_no_two_grades_look_alike_to_any_eyes(eyes, theme):
    papers = {grade: colour(grade, "paper", theme) for grade in GRADES}
    near = {
        (one, other): round(distance(papers[one], papers[other], EYES[eyes]), 1)
        for one, other in combinations(GRADES, 2)
        if distance(papers[one], papers[other], EYES[eyes]) < APART
    }
    assert near == {}


@THEMES
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("page", ["--paper", "--panel"])
def test_a_grade_stands_out_from_the_page(name, page, theme):
    """By its edge or by its paper: 3 to 1 (WCAG 2.2, 1.4.11)."""
    parts = (colour(name, part, theme) for part in ("edge", "paper"))
    assert max(contrast(part, token(page, theme)) for part in parts) >= 3


@THEMES
@pytest.mark.parametrize("page", ["--paper", "--panel", "--chosen"])
def test_numbers_can_be_read_on_every_paper(page, theme):
    assert contrast(token("--ink", theme), token(page, theme)) >= 7


@THEMES
@pytest.mark.parametrize("name", ["wrong", "ask", "good"])
def test_what_warns_can_be_read_on_its_paper_and_on_the_page(name, theme):
    """A late set and a value asked about are told in these, numbers among their words."""
    for page in (f"--{name}-paper", "--paper"):
        assert contrast(token(f"--{name}", theme), token(page, theme)) >= 7, page


@THEMES
def test_keys_and_links_can_be_read(theme):
    assert contrast(token("--on-accent", theme), token("--accent", theme)) >= 7
    assert contrast(token("--accent", theme), token("--paper", theme)) >= 7


@THEMES
def test_quiet_words_can_be_read(theme):
    """Units, and what was before: numbers among them."""
    for page in ("--paper", "--panel"):
        assert contrast(token("--quiet", theme), token(page, theme)) >= 7, page


def test_the_document_has_every_colour_of_every_grade():
    matches = re.findall(r"^\| (light|dark) (\w+) \| (.*) \|$", DOCUMENT, re.MULTILINE)
    rows = {(theme, name): cells for theme, name, cells in matches}
    for word, theme in (("light", LIGHT), ("dark", DARK)):
        for name in NAMES:
            wanted = [colour(name, part, theme) for part in ("paper", "ink", "edge")]
            assert [rgb_of(one) for one in re.findall(r"#[0-9a-f]{6}", rows[word, name])] == wanted, (word, name)


@pytest.mark.parametrize("grade", "1234")
def test_no_grade_is_yellow_orange_or_red(grade):
    hue, _, saturation = colorsys.rgb_to_hls(*colour(grade, "paper"))

    assert 180 <= hue * 360 <= 290
    assert saturation > 0.3
