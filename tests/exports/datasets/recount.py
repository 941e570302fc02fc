"""ADCRSP counted again from its companions alone, by somebody who knows the dictionary and none of our code.

The standard library and arithmetic of its own; nothing of the project is imported here, and no grade is computed:
grades are those of the episodes. `recounted` takes the rows of the data sets, by name, as a CSV reader gives them.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

Row = dict[str, str]
Packet = dict[str, list[Row]]
DEXAMETHASONE = {  # exports.md section 1.8: mg of dexamethasone in 1 mg
    "dexamethasone": Decimal(1), "methylprednisolone": Decimal("0.1875"), "prednisolone": Decimal("0.15"),
    "hydrocortisone": Decimal("0.0375"),
}  # fmt: skip
ENDED = {"DEATH CRS": "DEATH", "DEATH ICANS": "DEATH", "DEATH OTHER": "DEATH", "COMPLETED": "END OBSERVATION"}


def recounted(packet: Packet, *, cut: datetime) -> dict[tuple[str, str], Row]:
    """By participant and DOSENUM, the columns of ADCRSP that the companions carry."""
    counted: dict[tuple[str, str], Row] = {}
    for subject in sorted({row["USUBJID"] for row in packet["adex"]}):
        own = {name: [row for row in rows if row["USUBJID"] == subject] for name, rows in packet.items()}
        doses = sorted((row for row in own["adex"] if row["PERIODFL"] == "Y"), key=lambda row: int(row["DOSENUM"]))
        given = [row for row in doses if row["DOSSTAT"] != "NOT GIVEN"]
        had_crs = False
        for dose in doses:
            columns = {"DOSSTAT": dose["DOSSTAT"], "ADOSE": dose["ADOSE"], "ASPERC": dose["ASPERC"]}
            if dose in given:
                later = given[given.index(dose) + 1 :]
                columns |= period(own, dose, later, cut=cut)
                if columns["CRSFL"]:
                    columns["CRSRECFL"] = "Y" if columns["CRSFL"] == "Y" and had_crs else "N"
                had_crs = had_crs or columns["CRSFL"] == "Y"
            counted[subject, dose["DOSENUM"]] = columns
    return counted


def period(own: Packet, dose: Row, later: list[Row], *, cut: datetime) -> Row:
    start, ended_by, end = at(dose["ASTDTM"]), "DATA CUT", cut
    over = own["adds"][0] if own["adds"] else None
    if later:
        ended_by, end = "NEXT DOSE", at(later[0]["ASTDTM"])
    elif over is not None:
        ended_by, end = ENDED.get(over["DSDECOD"], over["DSDECOD"]), at(over["ADTM"])
    inside = {name: [row for row in rows if row.get("ASPER") == dose["DOSENUM"]] for name, rows in own.items()}
    looked = bool(inside["adset"] or inside["adneuro"])
    crs = episodes(inside["adcrs"], inside["adset"], "CRS", start)
    icans = episodes(inside["adicans"], inside["adneuro"], "ICN", start)
    return (
        {"ASPRSDTM": dose["ASTDTM"], "PERDURH": hours(end - start), "PERENDC": ended_by, "DOSENDTM": dose["AENDTM"]}
        | crs
        | icans
        | readings(inside["advs"], start)
        | drugs(own["adcm"], inside["adcm"], start, crs["CRSONDTM"], looked=looked or bool(inside["adcm"]))
        | looks(inside["adsched"])
        | alerts(inside["adalert"])
        | {"ICEMIN": least([row["ICETOT"] for row in inside["adneuro"]])}
        | stays(own["adho"], start, end, cut)
    )


def episodes(begun: list[Row], sets: list[Row], domain: str, start: datetime) -> Row:
    counted = [row for row in begun if int(row["ATOXGRN"]) > 0]
    unjudged = any(row["PROVISNL"] and row["ATOXGRN"] == "0" for row in begun)
    known = any(row[f"{domain}GR"] != "-1" for row in sets)
    flag = "Y" if counted else "N" if known and not unjudged else ""
    columns = {
        f"{domain}FL": flag,
        f"{domain}MAXGR": most([row["ATOXGRN"] for row in counted]) or ("0" if flag == "N" else ""),
        f"{domain}ONH": hours(at(counted[0]["ASTDTM"]) - start) if counted else "",
        f"{domain}DURH": str(sum(Decimal(row["ADURN"]) for row in counted)) if counted else "",
    }
    if domain == "CRS":
        columns["CRSEPN"] = "" if not flag else str(len(counted))
        columns["CRSONDTM"] = counted[0]["ASTDTM"] if counted else ""
        columns["CRSDUR1H"] = counted[0]["ADURN"] if counted else ""
    return columns


def readings(rows: list[Row], start: datetime) -> Row:
    valid: dict[str, list[Row]] = {}
    for row in rows:
        if row["ANL01FL"] == "Y":
            valid.setdefault(row["PARAMCD"], []).append(row)
    values = {code: [row["AVAL"] for row in own] for code, own in valid.items()}
    hottest = most(values.get("TEMP", []))
    first = [row["ADTM"] for row in valid.get("TEMP", []) if row["AVAL"] == hottest]
    return {
        "TEMPMAX": hottest,
        "TEMPMXH": hours(at(first[0]) - start) if first else "",
        "SBPMIN": least(values.get("SYSBP", [])),
        "DBPMIN": least(values.get("DIABP", [])),
        "SPO2MIN": least(values.get("OXYSAT", [])),
        "HRMAX": most(values.get("HR", [])),
        "RRMAX": most(values.get("RESP", [])),
    }


def drugs(every: list[Row], inside: list[Row], start: datetime, onset: str, *, looked: bool) -> Row:
    treating = [row for row in inside if row["CMINDC"] in ("CRS", "ICANS")]
    toci = [row for row in treating if row["CMTRT"] == "tocilizumab"]
    steroids = [row for row in treating if row["CMTRT"] in DEXAMETHASONE]
    before = [
        row for row in every
        if row["CMTRT"] in DEXAMETHASONE and row["CMINDC"] == "PREMEDICATION"
        and start - timedelta(hours=24) <= at(row["ASTDTM"]) <= start
    ]  # fmt: skip
    in_mg = [Decimal(row["CMDOSE"]) * DEXAMETHASONE[row["CMTRT"]] for row in steroids if row["CMDOSU"] == "mg"]
    known = looked or bool(before)
    return {
        "TOCIFL": yes(bool(toci)) if known else "",
        "TOCIN": str(len(toci)) if known else "",
        "TOCIMG": str(sum(Decimal(row["CMDOSE"]) for row in toci)) if toci or known else "",
        "TOCIDSH": hours(at(toci[0]["ASTDTM"]) - start) if toci else "",
        "TOCIONH": hours(at(toci[0]["ASTDTM"]) - at(onset)) if toci and onset else "",
        "STERFL": yes(bool(steroids)) if known else "",
        "STERDXMG": str(sum(in_mg)) if in_mg or known else "",
        "PREMSTFL": yes(bool(before)) if known else "",
    }


def looks(slots: list[Row]) -> Row:
    columns: Row = {}
    for kind, prefix in (("VITALS", "OBS"), ("NEURO", "ICE")):
        states = [row["STATUS"] for row in slots if row["OBSKIND"] == kind]
        over = [state for state in states if state != "DUE"]
        columns[f"{prefix}EXPN"] = str(len(over))
        if kind == "VITALS":
            columns["OBSRECN"], columns["OBSLATEN"] = str(over.count("ON TIME")), str(over.count("LATE"))
            columns["OBSMISN"] = str(over.count("MISSED"))
    return columns


def alerts(cards: list[Row]) -> Row:
    minutes = sorted(Decimal(row["ACKMIN"]) for row in cards if row["ACKFL"] == "Y")
    return {
        "ALRTN": str(len(cards)),
        "ALRTACKN": str(len(minutes)),
        "ALRTMAXM": str(minutes[-1]) if minutes else "",
        "ALRTESCN": str(sum(row["ESCALN"] != "0" for row in cards)),
    }


def stays(beds: list[Row], start: datetime, end: datetime, cut: datetime) -> Row:
    if not beds:
        return {"HOSPH": ""}
    spans = [(max(at(bed["ASTDTM"]), start), min(at(bed["AENDTM"]) if bed["AENDTM"] else cut, end)) for bed in beds]
    return {"HOSPH": hours(sum((max(stop - begin, timedelta()) for begin, stop in spans), timedelta()))}


# --- Arithmetic ---------------------------------------------------------------------------------------------


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def hours(span: timedelta) -> str:
    exact = Fraction(span // timedelta(microseconds=1), 3_600_000_000)
    value = Decimal(exact.numerator) / Decimal(exact.denominator)
    return str(value.quantize(Decimal("0.01"), ROUND_HALF_UP))


def yes(condition: bool) -> str:
    return "Y" if condition else "N"


def _extreme(values: list[str], pick: Callable[[list[str]], str]) -> str:
    measured = [value for value in values if value]
    return pick(measured) if measured else ""


def most(values: list[str]) -> str:
    return _extreme(values, lambda measured: max(measured, key=Decimal))


def least(values: list[str]) -> str:
    return _extreme(values, lambda measured: min(measured, key=Decimal))
