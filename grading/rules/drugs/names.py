"""One name for one drug."""

TOCILIZUMAB = "tocilizumab"
_BRANDS = {"actemra": TOCILIZUMAB, "roactemra": TOCILIZUMAB}


def generic(typed: str) -> str:
    """The drug as it is compared: brands and biosimilars' suffixes of tocilizumab are tocilizumab.

    Any other name stays what was typed, without case.
    """
    name = typed.strip().casefold()
    return TOCILIZUMAB if name.startswith(f"{TOCILIZUMAB}-") else _BRANDS.get(name, name)
