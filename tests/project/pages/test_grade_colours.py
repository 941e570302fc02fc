"""A grade has a scale of its own, which no NEWS2 chart has, for both themes and colour-blind eyes (Rulings 2).

Contrast as WCAG 2.2 defines it: 4.5 at least for text, 7 aimed at for numbers. Colour-blind eyes as Machado, Oliveira
and Fernandes simulate them (IEEE TVCG 2009;15:1291, severity 1.0, linear RGB).
"""

import colorsys
import re
from itertools import pairwise
from pathlib import Path

import pytest

CSS = (Path(__file__).resolve().parents[3] / "crsmonitor/static/crsmonitor/app.css").read_text()
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
NAMES = ["0", "1", "2", "3", "4", "5", "open", "unexplained", "unseen"]


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
    return tuple(int(colour_hex[at : at + 2], 16) / 255 for at in (1, 3, 5))


def luminance(rgb, eyes=AS_IT_IS):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    seen = [min(max(sum(w * c for w, c in zip(row, linear, strict=True)), 0), 1) for row in eyes]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), seen, strict=True))


def contrast(one, other, eyes=AS_IT_IS):
    dark, light = sorted((luminance(one, eyes), luminance(other, eyes)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_wcag():
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert contrast((1, 1, 1), (0x76 / 255,) * 3) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
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


@pytest.mark.parametrize("grade", "1234")
def test_no_grade_is_yellow_orange_or_red(grade):
    hue, _, saturation = colorsys.rgb_to_hls(*colour(grade, "paper"))

    assert 180 <= hue * 360 <= 290
    assert saturation > 0.3
