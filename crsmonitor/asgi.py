"""The ASGI application: one server for pages, API and the live board."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crsmonitor.settings")

application = get_asgi_application()
