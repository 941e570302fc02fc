"""Words of the evidence page. What speaks of outpatients has the model-free interval in the same line."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import ngettext

from grading.evidence.counts import PlaceCount
from grading.evidence.support import ANY, GRADE2, MODEL, MODEL_FREE, EndpointSupport, EvidenceSupport, PlaceSupport
from regimens.charts.figures import plain
from regimens.design.evidence import EvidenceRule
from regimens.rules.proportions.intervals import Limits

ENDPOINTS: Mapping[str, Promise] = {ANY: _l("CRS of any grade"), GRADE2: _l("CRS of grade 2 and above")}
DECIDES: Mapping[str, Promise] = {MODEL_FREE: _l("model-free (the counts alone)"), MODEL: _l("the model")}
SUPPORTED: Mapping[bool | None, Promise] = {
    True: _l("supported"), False: _l("not supported"), None: _l("not known"),
}  # fmt: skip
TABLES: Mapping[str, Promise] = {
    "counts": _l("Counts by dose period"),
    "care": _l("Onset, tocilizumab and steroids by dose period"),
    "support": _l("What the counts support"),
    "onset": _l("Onset curves"),
    "predicted": _l("Observed on predicted"),
    "decisions": _l("Decisions"),
    "versions": _l("Versions behind it"),
    "clearances": _l("Cleared steps"),
}
MOST_PLACES = 6  # of a probability that would else be rounded onto what it is compared with


def chance_text(chance: float, confidence: float | None = None) -> str:
    """Two decimals; more where those would hide whether it reaches the confidence. Never rounded to certain."""
    for places in range(2, MOST_PLACES + 1):
        text = f"{chance:.{places}f}"
        rounded = float(text)
        if rounded >= 1 and chance < 1:
            return ">0." + "9" * places
        if confidence is None or (rounded >= confidence) == (chance >= confidence):
            return f"<0.{'0' * (places - 1)}1" if rounded == 0 and chance > 0 else text
    return f"<{confidence:g}"


def compared_text(chance: float, confidence: float) -> str:
    """`= 0.93`, `> 0.99`, `< 0.01`."""
    text = chance_text(chance, confidence)
    return f"{text[0]} {text[1:]}" if text[0] in "<>" else f"= {text}"


def share_text(share: float) -> str:
    """In percent, one decimal, and never rounded to nobody or to all."""
    if 0 < share < 0.0005:
        return _("%(percent)s %%") % {"percent": "<0.1"}
    if 0.9995 <= share < 1:
        return _("%(percent)s %%") % {"percent": ">99.9"}
    return _("%(percent)s %%") % {"percent": f"{100 * share:.1f}"}


def limit_text(limit: float) -> str:
    """`10 %`: as it was typed."""
    return _("%(percent)s %%") % {"percent": plain(round(100 * limit, 9))}


def interval_text(interval: Limits) -> str:
    return _("%(low)s–%(high)s %%") % {"low": f"{100 * interval.low:.1f}", "high": f"{100 * interval.high:.1f}"}


def of_known_text(count: PlaceCount) -> str:
    return _("%(x)s of %(n)s") % {"x": count.event, "n": count.known}


def counted_text(one: EndpointSupport) -> str:
    """`2 of 50 with CRS of any grade: 4.0 %, 95 % interval 0.8–12.2 %`."""
    if one.of is None:
        return _("%(endpoint)s: of nobody is it known") % {"endpoint": ENDPOINTS[one.name]}
    of, rest = one.of.of, one.count.not_known
    values = {
        "x": of.x, "n": of.n, "endpoint": ENDPOINTS[one.name], "share": share_text(of.share),
        "interval": interval_text(of.jeffreys), "rest": rest,
    }  # fmt: skip
    if rest:
        text = _(
            "%(x)s of %(n)s with %(endpoint)s (%(rest)s more given, not known): %(share)s, model-free 95 %% "
            "interval %(interval)s"
        )
        return text % values
    return _("%(x)s of %(n)s with %(endpoint)s: %(share)s, model-free 95 %% interval %(interval)s") % values


def reached_text(one: EndpointSupport) -> str:
    """The same with the probability that decides, what was asked, and whether it is reached."""
    counts = counted_text(one)
    if one.p_below is None:
        return counts
    values = {
        "counts": counts, "limit": limit_text(one.below), "chance": compared_text(one.p_below, one.confidence),
        "asked": chance_text(one.confidence), "by": DECIDES[one.decided_by],
    }  # fmt: skip
    if one.model is None:
        if one.reaches:
            return _("%(counts)s; P(below %(limit)s) %(chance)s, asked %(asked)s: reached") % values
        return _("%(counts)s; P(below %(limit)s) %(chance)s, asked %(asked)s: not reached") % values
    if one.reaches:
        return _("%(counts)s; P(below %(limit)s) %(chance)s by %(by)s, asked %(asked)s: reached") % values
    return _("%(counts)s; P(below %(limit)s) %(chance)s by %(by)s, asked %(asked)s: not reached") % values


def place_text(place: PlaceSupport) -> str:
    """One line: the dose period with both endpoints."""
    return _("Dose period %(place)s. %(any)s. %(grade2)s.") % {
        "place": place.place, "any": reached_text(place.any), "grade2": reached_text(place.grade2),
    }  # fmt: skip


def rule_text(support: EvidenceSupport) -> str:
    """What the rule says of the study, in one line, with its numbers."""
    if support.first is not None:
        first = support.supporting[0]
        later = len(support.supporting) - 1
        text = _("Outpatient dosing from dose period %(place)s: supported by the rule. %(line)s") % {
            "place": support.first, "line": place_text(first),
        }  # fmt: skip
        if not later:
            return text
        after = ngettext(
            "%(n)s dose period after it reaches it too.", "All %(n)s dose periods after it reach it too.", later
        )
        return f"{text} {after % {'n': later}}"
    if support.blocking is None:
        return _("The rule is not met: no dose has been given yet.")
    values = {"line": place_text(support.blocking), "place": support.blocking.place}
    if support.blocking.any.of is None:  # without an interval, nothing is said of outpatients
        return _("The rule is not met from any dose period. %(line)s") % values
    return _("Outpatient dosing from dose period %(place)s or before: not supported by the rule. %(line)s") % values


def limits_text(one: EndpointSupport) -> str:
    """What a count holds and what it does not, by the limits that people ask about."""
    if one.of is None:
        return ""
    values = {"x": one.of.of.x, "n": one.of.of.n, "endpoint": ENDPOINTS[one.name]}
    parts = []
    for limit, chance, reaches in one.limits:
        against = {"limit": limit_text(limit), "chance": chance_text(chance, one.confidence)}
        if reaches:
            parts.append(_("support “below %(limit)s” (probability %(chance)s)") % against)
        else:
            parts.append(_("do not support “below %(limit)s” (probability %(chance)s)") % against)
    return _("%(x)s of %(n)s with %(endpoint)s: the counts alone %(parts)s. Asked: %(asked)s.") % (
        values | {"parts": _("; they ").join(parts), "asked": chance_text(one.confidence)}
    )


def rule_explained(rule: EvidenceRule) -> str:
    """What is asked, of whom, and what it is not."""
    return _(
        "The rule: from a dose period on, and in every later one, P(CRS of any grade below %(any)s) is at least "
        "%(any_asked)s and P(grade 2 and above below %(grade2)s) is at least %(grade2_asked)s, by the counts alone "
        "(Jeffreys) and, where a model was frozen with the regimen, by the model: the less favourable decides. It "
        "releases no dose and shortens no observation; criteria of the site come besides."
    ) % {
        "any": limit_text(rule.any_below), "any_asked": chance_text(rule.any_confidence),
        "grade2": limit_text(rule.grade2_below), "grade2_asked": chance_text(rule.grade2_confidence),
    }  # fmt: skip
