"""Where the first doses in humans of six molecules lay: for comparison with the one that a page is about.

Concentrations are implied: the dose over the plasma volume of a person of 70 kg. Molecular weights behind those of
mosunetuzumab, glofitamab, tarlatamab and teclistamab are unconfirmed: these are orders of magnitude.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFirstDose:
    """`mg`: the dose of a person of 70 kg. `pm` None: given subcutaneously, no plasma concentration is implied.
    `fold`: to the later full dose.
    """

    drug: str
    dose: str
    mg: float
    pm: float | None
    full_dose: str
    fold: int
    source: str
    is_order: bool = False


FIRST_DOSES = (
    PublishedFirstDose(
        drug="teclistamab", dose="0.3 µg/kg IV", mg=0.021, pm=37, full_dose="1.5 mg/kg SC", fold=5_000,
        source="Miao 2023, 10.1007/s11523-023-00989-z", is_order=True,
    ),
    PublishedFirstDose(
        drug="elranatamab", dose="0.1 µg/kg IV", mg=0.007, pm=10, full_dose="76 mg", fold=10_600,
        source="Hibma 2026, 10.1007/s40262-026-01663-z",
    ),
    PublishedFirstDose(
        drug="mosunetuzumab", dose="0.05 mg IV", mg=0.05, pm=62, full_dose="60 mg", fold=1_200,
        source="Bender 2024, Clin Transl Sci 17:e13825", is_order=True,
    ),
    PublishedFirstDose(
        drug="glofitamab", dose="0.005 mg IV", mg=0.005, pm=8, full_dose="30 mg", fold=6_000,
        source="Frances 2022, J Pharm Sci 111:1208", is_order=True,
    ),
    PublishedFirstDose(
        drug="tarlatamab", dose="0.003 mg IV", mg=0.003, pm=8, full_dose="10 mg", fold=3_300,
        source="FDA 2024; Kong 2025, Clin Pharmacokinet 64:729", is_order=True,
    ),
    PublishedFirstDose(
        drug="epcoritamab", dose="0.004 mg SC", mg=0.004, pm=None, full_dose="48 mg", fold=12_000,
        source="Li 2025, 10.1007/s40262-024-01464-2",
    ),
)  # fmt: skip
