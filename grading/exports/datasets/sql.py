"""How SQL writes what every data set has: flags, hours between instants, and instants as text."""


def flag(condition: str) -> str:
    """Y or N, and null where the condition is not known."""
    return f"CASE {condition} WHEN true THEN 'Y' WHEN false THEN 'N' END"


def hours(start: str, end: str) -> str:
    """Elapsed hours between two instants, whatever the clocks on the wall did meanwhile."""
    return f"round(extract(epoch FROM {end} - {start}) / 3600, 2)"


def local(moment: str, zone: str) -> str:
    """ISO 8601 in a zone with its offset, to the second: 2026-03-02T17:00:00+08:00. to_json writes the T."""
    return f"substr(to_json({_here(moment, zone)})::text, 2, 19) || {_offset(moment, zone)}"


def instant(moment: str, zone: str) -> str:
    """As `local`, and with its fraction of a second where it was recorded with one: facts are ordered by it."""
    return f"trim('\"' from to_json({_here(moment, zone)})::text) || {_offset(moment, zone)}"


def _here(moment: str, zone: str) -> str:
    return f"({moment} AT TIME ZONE {zone})"


def _offset(moment: str, zone: str) -> str:
    here, utc_ = _here(moment, zone), _here(moment, "'UTC'")
    return (
        f"CASE WHEN {here} < {utc_} THEN '-' || to_char({utc_} - {here}, 'HH24:MI')"
        f" ELSE '+' || to_char({here} - {utc_}, 'HH24:MI') END"
    )


def utc(moment: str) -> str:
    return f"substr(to_json({moment} AT TIME ZONE 'UTC')::text, 2, 19) || '+00:00'"


def coded(value: str) -> str:
    """A code as SDTM writes it, NASAL CANNULA for nasal_cannula; null where it is empty."""
    return f"upper(replace(nullif({value}, ''), '_', ' '))"


def codes(array: str) -> str:
    """A list of codes as one text. NONE: somebody looked and there was none; null: nobody looked."""
    return f"CASE cardinality({array}) WHEN 0 THEN 'NONE' ELSE array_to_string({array}, ';') END"


def json_codes(array: str) -> str:
    """The texts of a JSON list as one; null where it has none."""
    return (
        "(SELECT string_agg(one.code, ';' ORDER BY one.place)"  # noqa: S608  # our own texts
        f" FROM jsonb_array_elements_text({array}) WITH ORDINALITY AS one(code, place))"
    )


def number(value: str) -> str:
    """Without the zeros that only its column adds: 38.6, not 38.600."""
    return f"trim_scale({value})"
