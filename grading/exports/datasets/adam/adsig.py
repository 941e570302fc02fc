"""ADSIG: one row for each signature of a record of the study: whose record, with which meaning, its hash, void or not.

People are a role and a number of ours, never a name: the certified copy of a participant, which is the site's, has the
printed names.
"""

from dataclasses import replace

from grading.exports.datasets.adam.adalert import ROLES
from grading.exports.datasets.adam.common import SITEID, STUDYID, SUBJID, TZ, USUBJID
from grading.exports.datasets.dataset import Column, Dataset
from grading.exports.datasets.facts import PLACES, SUBJECTS, source
from grading.exports.datasets.sql import coded, flag, local, utc

# Those of the study alone too: a regimen, a policy. Whose participant is elsewhere than the scope has no row. That of a
# data cut is about a packet, whose MANIFEST.json says who made it, when and why: no packet is new by its own signature.
_SIGNED = f"""
    SELECT signed.*, subject.usubjid, subject.number, place.site_code, place.time_zone, member.role,
           {local("signed.at", "place.time_zone")} AS at_local,
           void.at AS void_at, void.because AS void_because, void.fact AS void_fact
      FROM regimens_signature signed
      LEFT JOIN ({SUBJECTS}) subject ON subject.participant_id = signed.participant_id
      LEFT JOIN ({PLACES}) place ON place.participant_id = subject.participant_id
       AND place.since <= signed.at AND signed.at < place.until
      LEFT JOIN ({ROLES}) member ON member.user_id = signed.by_id
      LEFT JOIN regimens_signaturevoid void ON void.signature_id = signed.id AND void.at <= {{cut}}::timestamptz
     WHERE signed.study_id = {{study}} AND signed.at <= {{cut}}::timestamptz AND signed.kind <> 'cut'
       AND (signed.participant_id IS NULL OR subject.participant_id IS NOT NULL)
"""  # noqa: S608  # our own texts

# fmt: off
COLUMNS = (
    STUDYID,
    replace(USUBJID, need="", derivation=f"{USUBJID.derivation}; null: a record of the study alone"),
    SUBJID, SITEID, TZ,
    Column("SIGDTM", "Signed (UTC)", "DT", "datetime", "When it was signed", "sponsor", utc("fact.at"), "key"),
    Column("SIGID", "Signature Identifier", "C36", "", "Of the signature", "sponsor", "fact.id::text", "key"),
    Column("SIGLDTM", "Signed, Clock of the Site", "DT", "datetime", "The same on the clock of the site; null: no site",
           "sponsor", "fact.at_local"),
    Column("SIGKIND", "Kind of Record", "C12", "", "docs/signatures.md: what is signed", "sponsor",
           coded("fact.kind"), "core"),
    Column("RECID", "Record Identifier", "C40", "", "What the record is known by, the same through all corrections",
           "sponsor", "fact.root", "core"),
    Column("VERID", "Version Identifier", "C40", "", "Of the version that was signed", "sponsor", "fact.record"),
    Column("MEANING", "Meaning of the Signature", "C20", "", "21 CFR 11.50(a)(3)", "sponsor", coded("fact.meaning"),
           "core"),
    Column("ROLE", "Role of Who Signed", "C20", "", "In the study; never a name", "sponsor", "fact.role", "core"),
    Column("USERID", "Person, Opaque", "C12", "", "Number of the account here; tells people apart", "sponsor",
           "'U' || fact.by_id", "core"),
    Column("PROOF", "How She Proved Who She Is", "C8", "", "PASSWORD | PASSKEY | PROVIDER", "sponsor",
           "upper(fact.proof)", codes=("PASSWORD", "PASSKEY", "PROVIDER")),
    Column("HASH", "SHA-256 of What Was Signed", "C64", "",
           "Of the canonical record with who, when and what for (21 CFR 11.70)", "sponsor", "fact.hash", "core"),
    Column("COVSDTM", "Covered from (UTC)", "DT", "datetime", "Facts from then on are covered; null: from the first",
           "sponsor", utc("fact.since")),
    Column("COVEDTM", "Covered until (UTC)", "DT", "datetime", "Facts up to then; null: the record alone", "sponsor",
           utc("fact.until")),
    Column("VOIDFL", "Void Flag", "C1", "Y/N", "Y: what it covers was changed by the cut", "sponsor",
           flag("(fact.void_at IS NOT NULL)"), "core"),
    Column("VOIDDTM", "Void since (UTC)", "DT", "datetime", "When that was", "sponsor", utc("fact.void_at")),
    Column("VOIDRSN", "Why Void", "C20", "", "Code", "sponsor", coded("fact.void_because")),
    Column("VOIDID", "Version That Made It Void", "C36", "", "Of the fact that did; null: no fact", "sponsor",
           "fact.void_fact::text"),
)
# fmt: on

ADSIG = Dataset(
    name="adsig",
    label="Signatures of Records",
    structure="ADAM OTHER",
    keys=("STUDYID", "SIGDTM", "SIGID"),
    columns=COLUMNS,
    source=source(_SIGNED, order="date_trunc('second', fact.at), fact.id"),
)
