"""What a browser installs of the site: manifest, service worker, and the shell, a page that opens without a network.

None of them says anything of a person or a participant: each answer is the same for everybody, signed in or not.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crsmonitor.pages.icons import PNG_SIZES, SVG_ICONS, png_of
from crsmonitor.pages.static_files import folders_of_ours
from crsmonitor.tablet.finder import RULES, WORDS

SOURCE = Path(settings.STATICFILES_DIRS[0])
# One worker of these, served from the root, since a worker sees no more than what lies beside it.
WORKER = ("tablet/service_worker.js", "alerting/push_worker.js")
# Of others: what the pages of a ward load. Sources, maps and licences stay on the server.
VENDOR = (
    "bootstrap-*/css/*.css", "bootstrap-*/js/*.js", "bootstrap-icons-*/icons/*.svg", "micropython-*/micropython.*",
    "signature_pad-*/*.js", "uPlot-*/*.css", "uPlot-*/*.js",
)  # fmt: skip
COLOUR = "#0b4f9e"  # of icon.svg


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """What the home screen of a tablet shows, and where the app begins."""
    answer = JsonResponse({
        "id": "/",
        "name": _("crsmonitor: the ward"),
        "short_name": "crsmonitor",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": COLOUR,
        "icons": [icon for name, purpose in SVG_ICONS.items() for icon in _icons(name, purpose)],
    })  # fmt: skip
    answer["Content-Type"] = "application/manifest+json"
    return answer


def _icons(name: str, purpose: str) -> list[dict[str, str]]:
    """The SVG, and for home screens that take none the same as PNG."""
    drawn = [
        {"src": static(png_of(name, size)), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size in PNG_SIZES
    ]
    return [*drawn, {"src": static(name), "sizes": "any", "type": "image/svg+xml", "purpose": purpose}]


@login_not_required
@require_safe
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:
    """Another one with every version of what it keeps: a browser installs a worker anew when a byte of it changed."""
    text = "".join([*((SOURCE / part).read_text(encoding="utf-8") for part in WORKER), f"// {shell_version()}\n"])
    return HttpResponse(text, content_type="text/javascript; charset=utf-8")


@login_not_required
@require_safe
@never_cache
def shell_files(request: HttpRequest) -> JsonResponse:
    """What the worker keeps."""
    return JsonResponse({"version": shell_version(), "page": reverse("offline"), "files": list(files_kept())})


@login_not_required
@require_safe
@never_cache
def offline(request: HttpRequest) -> HttpResponse:
    """The shell, in the language of the tablet. What it shows it takes from the tablet's sealed store."""
    return render(request, "tablet/offline.html")


@cache
def files_kept() -> tuple[str, ...]:
    """The addresses of all static files that a page of the ward may load; with digests where they are collected."""
    ours = [file for folder in folders_of_ours() for file in (SOURCE / folder).rglob("*") if file.is_file()]
    others = [file for pattern in VENDOR for file in (SOURCE / "vendor").glob(pattern)]
    names = {file.relative_to(SOURCE).as_posix() for file in (*ours, *others)} - {*WORKER}
    return tuple(static(name) for name in sorted({*names, RULES, *WORDS}))


@cache
def shell_version() -> str:
    """Another one where a file that is kept has changed."""
    digest = sha256("\n".join(files_kept()).encode())
    for file in sorted((settings.BASE_DIR / "templates/tablet").glob("*.html")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


urlpatterns: list[URLPattern] = [
    path("manifest.webmanifest", manifest, name="manifest"),
    path("service_worker.js", service_worker, name="service-worker"),
    path("tablet/shell.json", shell_files, name="shell-files"),
    path("tablet/offline/", offline, name="offline"),
]
