"""`dev.py imports`: four figures of a small house drawn by hand, and that no module of ours is in a circle."""

import subprocess
import sys

import pytest

from tests.project.shape.imports import PACKAGES, ROOT, against, circles, picture_of, summary

HOUSE = {  # attic -> hall -> cellar, and the cellar asks the hall back
    "house/__init__.py": "",
    "house/attic/__init__.py": "",
    "house/attic/desk.py": "import house.hall.stairs\nimport house.cellar.shelf\n",
    "house/attic/lamp.py": "import house.hall.stairs\n",
    "house/hall/__init__.py": "",
    "house/hall/stairs.py": "import house.cellar.shelf\n",
    "house/hall/door.py": "",
    "house/cellar/__init__.py": "",
    "house/cellar/shelf.py": "import house.hall.door\n",
    "house/keys.py": "",
    "house/cellar/migrations/__init__.py": "",
    "house/cellar/migrations/one.py": "import house.attic.desk\n",
}


@pytest.fixture
def house(tmp_path, monkeypatch):
    for name, text in HOUSE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return picture_of(["house"])


def test_rooms_are_folders_and_what_stands_loose_beside_them(house):
    assert house.rooms == {"house", "house.keys", "house.attic", "house.hall", "house.cellar"}


def test_an_arrow_is_counted_once_however_often_it_is_gone(house):
    assert house.arrows == {
        ("house.attic", "house.hall"),
        ("house.attic", "house.cellar"),
        ("house.hall", "house.cellar"),
        ("house.cellar", "house.hall"),
    }


def test_one_arrow_goes_up_and_closes_the_one_circle(house):
    assert len(house.up) == 1
    assert set(house.up[0]) == {"house.hall", "house.cellar"}
    assert house.circles == (("house.cellar", "house.hall"),)


def test_single_modules_are_in_no_circle_though_their_rooms_are(house):
    assert house.module_circles == ()


def test_the_summary_says_the_four_figures(house):
    lines = summary(house).splitlines()

    assert [line for line in lines if not line.startswith("  ")] == [
        "modules 10, in circles 0",
        "rooms 5",
        "arrows 4, a room 0.8",
        "arrows up 1",
        "circles 1, the largest of 2 rooms",
    ]


def test_a_circle_of_three_is_one():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == (("a", "b", "c"),)


def test_where_nothing_goes_round_nothing_goes_up():
    assert against({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == ()
    assert circles({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == ()


@pytest.mark.long
def test_no_module_of_ours_imports_itself_by_way_of_others():
    assert picture_of(PACKAGES).module_circles == ()


def test_the_command_draws_another_checkout(tmp_path):
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text("import crsmonitor\n" if package == "grading" else "")

    done = subprocess.run(
        [sys.executable, "-m", "tests.project.shape.imports", "--from", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert done.stdout.splitlines()[:3] == ["modules 3, in circles 0", "rooms 3", "arrows 1, a room 0.3"]
