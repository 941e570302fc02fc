from tests.dosing.conftest import library_world, ready  # noqa: F401
