"""Who may do what: one table, and the table is what runs."""

from enum import StrEnum


class Role(StrEnum):
    """What a person is in one study."""

    NURSE = "nurse"
    CHARGE_NURSE = "charge_nurse"
    INVESTIGATOR = "investigator"
    DATA_MANAGER = "data_manager"
    SPONSOR = "sponsor"
    CENTRAL = "central_reviewer"  # an addition to the matrix of decisions: reads grades of the study, sees no ward


class Act(StrEnum):
    """What the app lets somebody do. Everything not in MAY is refused."""

    SEE_WARD = "see_ward"  # participants with bed, facts and alerts
    SEE_STUDY = "see_study"  # participants by study number only
    RECORD = "record"  # record and correct facts
    JUDGE = "judge"  # attribute, override, release a dose, sign
    ADJUDICATE = "adjudicate"  # the central ledger
    ACKNOWLEDGE = "acknowledge"
    RUN_WARD = "run_ward"  # rota, beds, devices
    DRAFT = "draft"  # regimen versions, policies, users of the site
    APPROVE = "approve"
    EXPORT = "export"
    QUERY = "query"  # ask about a record, and close the query
    VERIFY = "verify"  # compare records with their source
    COPY = "copy"  # a participant's whole record as a certified copy, names of staff included: the site's own
    DESIGN = "design"  # the workbench: draft designs and run them


MAY: dict[Role, frozenset[Act]] = {
    Role.NURSE: frozenset({Act.SEE_WARD, Act.SEE_STUDY, Act.RECORD, Act.ACKNOWLEDGE}),
    Role.CHARGE_NURSE: frozenset({Act.SEE_WARD, Act.SEE_STUDY, Act.RECORD, Act.ACKNOWLEDGE, Act.RUN_WARD, Act.COPY}),
    Role.INVESTIGATOR: frozenset(set(Act) - {Act.DRAFT, Act.ADJUDICATE, Act.VERIFY}),
    Role.DATA_MANAGER: frozenset(
        {
            Act.SEE_WARD,
            Act.SEE_STUDY,
            Act.RUN_WARD,
            Act.DRAFT,
            Act.EXPORT,
            Act.QUERY,
            Act.VERIFY,
            Act.COPY,
            Act.DESIGN,
        }
    ),
    Role.SPONSOR: frozenset({Act.SEE_STUDY, Act.EXPORT, Act.DESIGN}),
    Role.CENTRAL: frozenset({Act.SEE_STUDY, Act.ADJUDICATE}),
}


def roles_that_may(act: Act) -> list[str]:
    """The roles, as stored, that MAY gives this act."""
    return [role.value for role, acts in MAY.items() if act in acts]
