"""How stylesheets and scripts are kept: each under a name that carries the digest of what is in it."""

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage

# A line `import { one, two } from "./file.js";`, or several, as the formatter writes it.
IMPORT = (
    r"""(?m)^(?P<matched>(?P<names>import\b[^"';]*)"(?P<url>\.\.?/[^"]+)";)""",
    """%(names)s"%(url)s";""",
)


def folders_of_ours() -> list[str]:
    """Django's own patterns would be tried on what others wrote too, and stumble over an example in a comment."""
    return sorted(
        folder.name
        for static in settings.STATICFILES_DIRS
        for folder in static.iterdir()
        if folder.is_dir() and folder.name != "vendor"
    )


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Of ES modules too: what one imports is asked for under its digest, so no browser mixes old and new.

    Modules that import each other in a circle have no digest: collecting them fails.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        *((f"{folder}/*.js", (IMPORT,)) for folder in folders_of_ours()),
    )
