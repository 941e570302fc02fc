"""Which faults `dev.py mutate` knows: each text with all that can be made of it."""

import pytest

from tests.mutation.mutants import mutants_of


@pytest.mark.parametrize(
    ("written", "faults"),
    [
        ("x = a < b", {"x = a <= b"}),
        ("x = a not in b", {"x = a in b"}),
        ("x = a is not None", {"x = a is None"}),
        ("x = a and (b) or c", {"x = a or (b) or c", "x = a and (b) and c"}),
        ("x = not (a)", {"x =  (a)"}),
        ("x = a - b", {"x = a + b"}),
        ("x = min(a)", {"x = max(a)"}),
        ("x = 24", {"x = 25", "x = 23"}),
        ("x = True", {"x = False"}),
        ('x = Decimal("38.0")', {'x = Decimal("38.1")', 'x = Decimal("37.9")'}),
        ("def f():\n    return a", {"def f():\n    return None"}),
        ("def f() -> bool:\n    return a", {"def f() -> bool:\n    return True", "def f() -> bool:\n    return False"}),
        ("a.append(b)", {"pass"}),
        ("a += b", {"pass"}),
        ("if a:\n    raise b", {"if not a:\n    raise b", "if a:\n    pass"}),
        ("x = a if b else c", {"x = a if not b else c"}),
        ("x = 'å' < b", {"x = 'å' <= b"}),  # places are counted in bytes
        # left alone
        ("assert a < 1", set()),
        ("x: Literal[1]", set()),
        ("@dataclass(frozen=True)\nclass A:\n    '''1 < 2'''", set()),
        ("x = zip(a, strict=True)", set()),
    ],
)
def test_the_faults_of_a_text(written, faults):
    source = written.encode()

    assert {mutant.applied(source).decode() for mutant in mutants_of("a.py", source)} == faults
