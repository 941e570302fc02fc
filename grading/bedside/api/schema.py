"""The description of the API (OpenAPI), and a page to read it, for whoever is signed in. Nothing from outside."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import IsAuthenticated


class SchemaView(SpectacularAPIView):
    permission_classes = [IsAuthenticated]  # the library's own default is everybody


class DocsView(SpectacularSwaggerSplitView):
    """The script has an address of its own, and the style no inline part: the page keeps the site's CSP."""

    permission_classes = [IsAuthenticated]
    url_name = "api-schema"
    template_name = "api/docs.html"


urlpatterns = [
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", DocsView.as_view(), name="api-docs"),
]
