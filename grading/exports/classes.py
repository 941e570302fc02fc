"""The class of drug that counts, where the export's SQL asks for one: Python decides it, SQL reads what it said."""

from psycopg import sql

from grading.models import Treatment
from grading.rules.drugs.names import class_of


def other_classes(study_id: int) -> sql.Composed:
    """k: each drug of the study that acts as another class than the one under which it was entered, with that class."""
    given = Treatment.objects.filter(participant__study=study_id).order_by().values_list("drug", "drug_class")
    others = [
        (drug, entered, acts) for drug, entered in given.distinct() if (acts := class_of(drug, entered)) != entered
    ]
    columns = zip(*others, strict=True) if others else ((), (), ())
    return sql.SQL("SELECT * FROM unnest({}::text[], {}::text[], {}::text[]) k(drug, entered, acts_as)").format(
        *(sql.Literal(list(column)) for column in columns)
    )
