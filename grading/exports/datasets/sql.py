"""How SQL writes what every data set has: flags, hours between instants, and instants as text."""

# The longest text that a transport file holds (XPT v5).
TEXT_MOST = 200


def flag(condition: str) -> str:
    """Y or N, and null where the condition is not known."""
    return f"CASE {condition} WHEN true THEN 'Y' WHEN false THEN 'N' END"


def hours(start: str, end: str) -> str:
    """Elapsed hours between two instants, whatever the clocks on the wall did meanwhile."""
    return f"round(extract(epoch FROM {end} - {start}) / 3600, 2)"


def followed_to(episode: str) -> str:
    """When an episode ended; of one that is not over, up to when anybody looked: the end of observation, or the cut."""
    return (
        f"CASE WHEN {episode}.ended_at IS NOT NULL THEN least({episode}.ended_at, cut.at) ELSE least(cut.at, ("  # noqa: S608  # our own texts
        f"SELECT max(last.ended_at) FROM grading_doseperiod last WHERE last.participant_id = {episode}.participant_id"
        f" AND last.ended_by NOT IN ('NEXT DOSE', 'NOT GIVEN') AND last.ended_at > {episode}.started_at)) END"
    )


def local(moment: str, zone: str) -> str:
    """ISO 8601 in a zone with its offset, to the second: 2026-03-02T17:00:00+08:00."""
    return clock_text(f"({moment} AT TIME ZONE {zone})", f"({moment} AT TIME ZONE 'UTC')")


def clock_text(here: str, in_utc: str) -> str:
    """The same of what the clock of a place and that of UTC show. to_json writes the T."""
    offset = (
        f"CASE WHEN {here} < {in_utc} THEN '-' || to_char({in_utc} - {here}, 'HH24:MI')"
        f" ELSE '+' || to_char({here} - {in_utc}, 'HH24:MI') END"
    )
    return f"substr(to_json({here})::text, 2, 19) || {offset}"


def day(moment: str, first: str, zone: str) -> str:
    """Study day: 1 is the date of the first dose, both in a zone; there is no day 0."""
    return day_between(f"({first} AT TIME ZONE {zone})::date", f"({moment} AT TIME ZONE {zone})::date")


def day_between(first: str, date: str) -> str:
    """The same of two dates."""
    days = f"{date} - {first}"
    return f"CASE WHEN {days} >= 0 THEN {days} + 1 ELSE {days} END"


def date_number(text: str) -> str:
    """The date of an instant that was written on the clock of a site, in days since 1960-01-01, as SAS counts them."""
    return f"left({text}, 10)::date - DATE '1960-01-01'"


def date_here(here: str) -> str:
    """The same of what the clock of a site shows."""
    return f"{here}::date - DATE '1960-01-01'"


def fraction(moment: str) -> str:
    """What an instant has beyond its second, in seconds; null where it has nothing."""
    return f"nullif(trim_scale(extract(second FROM {moment}) % 1), 0)"


def utc(moment: str) -> str:
    return f"substr(to_json({moment} AT TIME ZONE 'UTC')::text, 2, 19) || '+00:00'"


def coded(value: str) -> str:
    """A code as SDTM writes it, NASAL CANNULA for nasal_cannula; null where it is empty."""
    return f"upper(replace(nullif({value}, ''), '_', ' '))"


def codes(array: str) -> str:
    """A list of codes as one text. NONE: somebody looked and there was none; null: nobody looked."""
    return f"CASE cardinality({array}) WHEN 0 THEN 'NONE' ELSE left(array_to_string({array}, ';'), {TEXT_MOST}) END"


def json_codes(array: str) -> str:
    """The texts of a JSON list as one; null where it has none."""
    return (
        f"(SELECT left(string_agg(one.code, ';' ORDER BY one.place), {TEXT_MOST})"  # noqa: S608  # our own texts
        f" FROM jsonb_array_elements_text({array}) WITH ORDINALITY AS one(code, place))"
    )


def number(value: str) -> str:
    """Without the zeros that only its column adds: 38.6, not 38.600."""
    return f"trim_scale({value})"
