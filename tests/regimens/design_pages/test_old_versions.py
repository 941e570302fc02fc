"""Saved from the page of an old version: nothing of the newest one is lost or put back unsaid."""

import pytest
from django.urls import reverse

from regimens.forms.design.comparison import as_typed as regimens_typed
from regimens.forms.design.starting_dose import as_typed as assays_typed
from regimens.models import DesignVersion
from regimens.services.designs import save_version
from tests.builders import hour
from tests.regimens.design_pages.builders import COMPARISON, STARTING_DOSE, whole_design
from tests.stages import stage

pytestmark = pytest.mark.django_db
SHORTER = COMPARISON | {"horizon_d": 21}
TYPED = assays_typed(STARTING_DOSE | {"mw_kda": 150}, None)


@stage
def old(world) -> DesignVersion:
    """Of two: the second has another horizon of the regimens, and the same starting dose."""
    first = whole_design(world)
    contents = first.contents | {"comparison": SHORTER, "comparator": {"design": "boin", "target": 0.25, "n": [3]}}
    save_version(design_id=first.design_id, contents=contents, by=world.data_manager, at=hour(-90))
    return first


def address(version: DesignVersion, tab: str) -> str:
    return reverse(tab, args=[version.design_id]) + f"?version={version.number}"


@pytest.mark.parametrize(
    ("chosen", "comparison", "comparator"),
    [({}, SHORTER, True), ({"rest": "newest"}, SHORTER, True), ({"rest": "shown"}, COMPARISON, False)],
)
def test_other_parts_are_those_of_the_newest_unless_it_is_chosen(world, client, old, chosen, comparison, comparator):
    client.force_login(world.sponsor)
    page = client.get(address(old, "design-starting-dose")).content.decode()

    posted = TYPED | chosen | {"do": "save", "after": "2"}
    answered = client.post(address(old, "design-starting-dose"), posted)

    assert answered.status_code == 302
    version = DesignVersion.objects.get(design=old.design_id, number=3)
    assert version.contents["starting_dose"]["mw_kda"] == 150
    assert version.contents["comparison"] == comparison
    assert (version.contents["comparator"] is not None) is comparator
    for words in (
        "This is version 1.",
        "Otherwise in version 2 too:",
        ">Compare regimens</strong>",
        ">comparator</strong>",
    ):
        assert words in page


def test_where_only_this_page_differs_there_is_nothing_to_choose(world, client, old):
    save_version(
        design_id=old.design_id, contents=old.contents | {"comparison": SHORTER}, by=world.sponsor, at=hour(-80)
    )  # fmt: skip
    client.force_login(world.sponsor)

    pages = [client.get(address(old, tab)).content.decode() for tab in ("design-compare", "design-exposure")]
    newest = client.get(reverse("design-compare", args=[old.design_id])).content.decode()

    assert all("takes the place of what version 3 says here" in page for page in pages)
    assert not any('name="rest"' in page for page in [*pages, newest])
    assert "takes the place" not in newest


def test_what_was_chosen_stays_where_nothing_was_saved(world, client, old):
    client.force_login(world.sponsor)
    typed = regimens_typed(COMPARISON) | {"rest": "shown", "do": "save", "after": "1"}

    page = client.post(address(old, "design-compare"), typed).content.decode()

    assert DesignVersion.objects.filter(design=old.design_id).count() == 2
    assert 'value="shown" checked' in page or 'name="rest"' not in page
