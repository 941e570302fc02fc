"""The pages of regimens."""

from regimens.views import versions

urlpatterns = [*versions.urlpatterns]
