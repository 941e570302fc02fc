"""Draws the icons of the installed app from their SVG: `python3 dev.py icons`.

Some home screens take no SVG. Each PNG has the digest of its SVG in it, so that a test sees one that was not drawn
anew.
"""

import os
import shutil
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Page, sync_playwright

from crsmonitor.pages.icons import PNG_SIZES, SVG_ICONS, png_of

STATIC = Path(__file__).parents[3] / "crsmonitor/static"
DIGEST = "svg-sha256"


def chromium() -> str | None:
    """The Chromium of this machine, as the browser tests drive it. None: there is none."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CRS_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def digest_of(svg: Path) -> str:
    return sha256(svg.read_bytes()).hexdigest()


def draw(page: Page, svg: Path, size: int) -> bytes:
    """As PNG, transparent where the SVG is."""
    page.set_viewport_size({"width": size, "height": size})
    page.set_content(f"<style>*{{margin:0}}svg{{display:block;width:{size}px}}</style>{svg.read_text()}")
    drawn = Image.open(BytesIO(page.screenshot(omit_background=True)))
    info, written = PngInfo(), BytesIO()
    info.add_text(DIGEST, digest_of(svg))
    drawn.save(written, "PNG", optimize=True, pnginfo=info)
    return written.getvalue()


def main() -> None:
    with sync_playwright() as playwright:
        page = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"]).new_page()
        for name in SVG_ICONS:
            for size in PNG_SIZES:
                (STATIC / png_of(name, size)).write_bytes(draw(page, STATIC / name, size))


if __name__ == "__main__":
    main()
