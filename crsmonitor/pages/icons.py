"""The icons of the installed app: an SVG each, and PNGs that `python3 dev.py icons` draws from it."""

SVG_ICONS = {"crsmonitor/icon.svg": "any", "crsmonitor/icon-maskable.svg": "maskable"}  # each with its purpose
PNG_SIZES = (192, 512)  # px, as Chromium asks of what it installs


def png_of(svg: str, size: int) -> str:
    return f"{svg.removesuffix('.svg')}-{size}.png"
