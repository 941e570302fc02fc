"""A new design begins from nothing, from a planned regimen, or as a copy of another that its maker may see."""

import pytest

from regimens.models import Design, DesignVersion
from regimens.services.designs import save_version
from tests.builders import hour
from tests.regimens.design_pages.builders import whole_design
from tests.stages import stage

pytestmark = pytest.mark.django_db


@stage
def version(world):
    return whole_design(world)


def made(client, world, source, name="another"):
    return client.post("/design/new/", {"study": world.study.code, "name": name, "source": source})


def test_a_copy_holds_all_of_the_newest_version_and_says_whence(world, client, version):
    contents = version.contents | {"starting_dose": None}
    newest = save_version(design_id=version.design_id, contents=contents, by=world.data_manager, at=hour(-90))
    client.force_login(world.sponsor)

    assert made(client, world, f"design:{version.design_id}").status_code == 302
    copy = DesignVersion.objects.get(design__name="another")
    assert copy.contents == newest.contents
    assert (copy.number, copy.note) == (1, "from epco, version 2")
    assert DesignVersion.objects.filter(design=version.design_id).count() == 2


def test_from_nothing_and_from_the_library_as_before(world, client, version):
    client.force_login(world.sponsor)

    assert made(client, world, "", "empty").status_code == 302
    assert made(client, world, "library:epcoritamab_LBCL", "label").status_code == 302
    empty, label = (DesignVersion.objects.get(design__name=name).contents for name in ("empty", "label"))
    assert empty == {"starting_dose": None, "comparison": None}
    assert [one["mg"] for one in label["comparison"]["regimens"][0]["doses"]] == [0.16, 0.8, 48, 48]


def test_a_design_that_is_not_among_the_choices_is_refused(world, client, version):
    client.force_login(world.sponsor)

    for source in (f"design:{version.design_id + 1}", "design:x", "design:"):
        assert made(client, world, source).status_code == 400
    assert Design.objects.count() == 1
