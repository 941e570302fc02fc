"""How SQL writes what every data set has: flags, hours between instants, and instants as text."""


def flag(condition: str) -> str:
    """Y or N, and null where the condition is not known."""
    return f"CASE {condition} WHEN true THEN 'Y' WHEN false THEN 'N' END"


def hours(start: str, end: str) -> str:
    """Elapsed hours between two instants, whatever the clocks on the wall did meanwhile."""
    return f"round(extract(epoch FROM {end} - {start}) / 3600, 2)"


def local(moment: str, zone: str) -> str:
    """ISO 8601 in a zone with its offset, to the second: 2026-03-02T17:00:00+08:00. to_json writes the T."""
    here, utc_ = f"({moment} AT TIME ZONE {zone})", f"({moment} AT TIME ZONE 'UTC')"
    offset = (
        f"CASE WHEN {here} < {utc_} THEN '-' || to_char({utc_} - {here}, 'HH24:MI')"
        f" ELSE '+' || to_char({here} - {utc_}, 'HH24:MI') END"
    )
    return f"substr(to_json({here})::text, 2, 19) || {offset}"


def utc(moment: str) -> str:
    return f"substr(to_json({moment} AT TIME ZONE 'UTC')::text, 2, 19) || '+00:00'"
