"""Every reason and flag the grader can give, with the rule behind it and that rule's status.

`rule` is the row of the grading rules (C..: CRS, N..: ICANS from 12 years, K..: children), `status` how firmly
it stands: "table" (the paper's tables), "text" (its running text) or "convention" (the paper is silent; ours,
to be signed off by a clinician, and shown as such).
"""

from dataclasses import dataclass
from typing import Literal

Status = Literal["table", "text", "convention"]


@dataclass(frozen=True, slots=True)
class RuleRef:
    rule: str
    status: Status
    text: str  # English; {names} are the reason's values


def _table(rule: str, text: str) -> RuleRef:
    return RuleRef(rule, "table", text)


def _text(rule: str, text: str) -> RuleRef:
    return RuleRef(rule, "text", text)


def _convention(rule: str, text: str) -> RuleRef:
    return RuleRef(rule, "convention", text)


FEVER = {
    "fever": _table("C1", "Fever: {temperature_c} °C"),
    "fever_attributed": _table("C8", "Fever of {temperature_c} °C attributed to another cause"),
    "no_fever": _table("C2d", "No fever in this episode: not CRS by definition, which does not mean well"),
    "fever_not_required_after_treatment": _table(
        "C2", "Fever no longer required: CRS fever earlier, antipyretic or anticytokine treatment since"
    ),
    "fever_earlier_in_episode": _convention("C2b", "CRS fever earlier in this unresolved episode"),
    "nothing_abnormal_now": _convention("C2a", "Afebrile, no hypotension, no hypoxia; the episode is still open"),
    "fever_may_be_masked": _convention("C2c", "No fever recorded, but a drug given may be masking it"),
    "temperature_unknown": _convention("C10", "Temperature not recorded"),
    "temperature_implausible": _convention("C10", "Temperature of {temperature_c} °C is implausible: not counted"),
    "fever_history_unknown": _convention("C10", "Not known whether there was CRS fever earlier in this episode"),
    "died_of_crs": _table("C6", "Death due to CRS"),
}

PRESSURE = {
    "hypotension_no_vasopressor": _table("C3", "Hypotension not requiring a vasopressor"),
    "fluid_bolus": _text("C3a", "Intravenous fluid needed to maintain pressure, which is hypotension"),
    "low_sbp": _convention("C3b", "Systolic pressure {sbp} mmHg, below 90, with hypotension left open"),
    "pressure_unrecordable": _convention("C3a", "Blood pressure unrecordable, which counts as hypotension"),
    "relative_hypotension": _convention(
        "C3a", "Systolic pressure {sbp} mmHg is low for this person: hypotension to be confirmed or ruled out"
    ),
    "low_sbp_standing": _convention(
        "C3a", "Systolic pressure {sbp} mmHg while standing: measure lying before it is hypotension"
    ),
    "low_mean_pressure": _convention(
        "C3b", "Mean pressure {mean_pressure} mmHg, below 65, and no systolic pressure: hypotension to be confirmed"
    ),
    "pressure_unknown": _convention("C3b", "Neither pressure nor hypotension recorded"),
    "fluid_bolus_unknown": _convention("C10", "Not recorded whether fluid was needed to maintain pressure"),
    "vasopressors_unknown": _convention("C10", "Not recorded whether vasopressors are running"),
    "one_vasopressor": _table("C4", "One vasopressor: {agents}"),
    "one_vasopressor_with_vasopressin": _table("C4", "One vasopressor with vasopressin: {agents}"),
    "vasopressin_alone": _convention("C4a", "Vasopressin alone, which is a vasopressor"),
    "multiple_vasopressors": _table("C4", "Two or more vasopressors, vasopressin not counted: {agents}"),
    "inotrope_alone": _convention("C4b", "Inotrope without a vasopressor: {agents}"),
    "inotrope_with_vasopressor": _convention("C4b", "Inotrope beside one vasopressor: {agents}"),
    "vasopressors_running": _convention("C4", "The record of treatments has {agents} running"),
    "fluid_running": _convention("C3a", "The record of treatments has fluid for CRS running"),
    "vasopressors_as_at_baseline": _convention("C8", "Taken before the first dose already, not counted: {agents}"),
    "agents_unknown": _convention("C4b", "Names that are not known, of one drug or of several: {agents}"),
    "hypotension_attributed": _table("C8", "Hypotension attributed to another cause"),
}

OXYGEN = {
    "low_flow_oxygen": _table("C5", "Low-flow oxygen: {device}, {flow} L/min"),
    "blow_by_oxygen": _table("C5a", "Blow-by oxygen"),
    "high_flow_oxygen": _table("C5", "High-flow oxygen: {device}, {flow} L/min"),
    "mask_oxygen": _table("C5a", "Oxygen by {device}, whatever the flow"),
    "positive_pressure": _table("C5", "Positive pressure: {device}"),
    "high_flow_device_at_low_flow": _table("C5b", "High-flow cannula at {flow} L/min, which is low flow"),
    "high_flow_device_flow_unknown": _convention("C5b", "High-flow cannula, flow not recorded"),
    "cannula_flow_unknown": _convention("C5b", "Nasal cannula, flow not recorded"),
    "hypoxia_on_room_air": _convention("C5d", "Oxygen saturation {spo2} % on room air, below 90"),
    "spo2_unknown": _convention("C5d", "Oxygen saturation on room air not recorded"),
    "oxygen_device_unknown": _convention("C10", "Not recorded whether oxygen is given, and how"),
    "oxygen_flow_on_room_air": _convention("C10", "Room air and a flow of {flow} L/min contradict each other"),
    "fio2_on_room_air": _convention("C10", "Room air and an FiO₂ of {fio2} % contradict each other"),
    "fio2_above_air": _convention("C5", "FiO₂ of {fio2} %, above 21, is oxygen"),
    "oxygen_running": _convention("C5", "Oxygen runs by the treatment record: {device}"),
    "oxygen_running_somehow": _convention("C5", "Oxygen runs by the treatment record, device and flow not recorded"),
    "oxygen_flow_running": _convention("C5", "Oxygen runs by the treatment record: {flow} L/min"),
    "not_for_comfort": _convention(
        "C5c", "Comfort is taken for nasal cannula or blow-by at up to 6 L/min only, not for this: {device}"
    ),
    "no_baseline_oxygen": _convention(
        "C8", "Said to be as at baseline, with no oxygen before the first dose on record"
    ),
    "oxygen_above_baseline": _convention(
        "C8", "Said to be as at baseline, but not the recorded device and flow: {device}"
    ),
    "indication_not_charted": _convention(
        "C5c", "Oxygen for {indication} only: believed once flow and saturation are recorded"
    ),
    "oxygen_for_comfort": _text("C5c", "Oxygen for comfort ({device}) does not count"),
    "oxygen_as_at_baseline": _table("C8", "Oxygen as at baseline ({device}) does not count"),
    "hypoxia_despite_indication": _convention(
        "C5d", "Oxygen saturation {spo2} % although oxygen is given for {indication} only"
    ),
    "hypoxia_attributed": _table("C8", "Hypoxia attributed to another cause"),
}

NEURO = {
    "died_of_icans": _table("N8", "Death due to ICANS"),
    "no_icans_sign": _table("N7", "Every domain examined, none counts"),
    "ice_score": _table("N1", "ICE score {score} of 10"),
    "ice_partly_done": _convention("N10", "ICE partly done: score between {low} and {high}"),
    "ice_not_done": _convention("N10", "ICE not done"),
    "ice_not_possible_aphasia": _table("N2", "Too aphasic for ICE"),
    "not_testable_unarousable": _table("N2", "Cannot be tested because unarousable"),
    "ice_against_reason": _convention(
        "N10", "ICE scored, and said not to be possible: the score is taken as the least it can be"
    ),
    "capd_score": _table("K1/K2", "CAPD score {score}"),
    "capd_zero": _convention("K1/K2", "CAPD score 0"),
    "capd_nine_or_more": _table("K3", "CAPD score {score}, 9 or more"),
    "capd_not_done": _convention("K4", "CAPD not done"),
    "capd_under_sedation": _convention("K4", "CAPD under sedation: the score is taken as the least it can be"),
    "not_testable_capd_unarousable": _table("K4", "CAPD cannot be done because unarousable"),
    "awakens_spontaneously": _convention("N3a", "Drowsy, awakens spontaneously"),
    "awakens_to_voice": _table("N3", "Awakens to voice"),
    "awakens_to_touch": _table("N3", "Awakens only to tactile stimulus"),
    "vigorous_stimulus": _table("N3", "Needs vigorous or repetitive tactile stimuli"),
    "unarousable": _table("N3", "Unarousable"),
    "consciousness_unknown": _convention("N10", "Level of consciousness not recorded"),
    "consciousness_attributed": _table("N3", "Level of consciousness attributed to another cause"),
    "consciousness_under_sedation": _convention("N10", "Intubated and sedated: consciousness not counted"),
    "seizure_resolved": _table("N4", "Seizure that resolved: {seizure}"),
    "seizure_life_threatening": _table("N4", "Life-threatening seizure: {seizure}"),
    "seizure_unknown": _convention("N10", "Seizures not recorded"),
    "seizure_attributed": _table("N7", "Seizure attributed to another cause"),
    "deep_focal_weakness": _table("N5", "Deep focal motor weakness"),
    "motor_unknown": _convention("N10", "Motor findings not recorded"),
    "motor_attributed": _table("N7", "Motor finding attributed to another cause"),
    "weakness_with_haemorrhage": _table("N6", "Weakness with intracranial haemorrhage: for a clinician to decide"),
    "focal_oedema": _table("N6", "Focal oedema on imaging"),
    "diffuse_oedema": _table("N6", "Diffuse cerebral oedema on imaging"),
    "oedema_with_haemorrhage": _table("N6", "Oedema with intracranial haemorrhage is not counted"),
    "diffuse_oedema_with_haemorrhage": _table(
        "N6", "Diffuse oedema with intracranial haemorrhage: for a clinician to decide"
    ),
    "oedema_attributed": _table("N7", "Oedema attributed to another cause"),
    "raised_pressure_sign": _table("N6", "Sign of raised intracranial pressure: {signs}"),
    "icp_signs_unknown": _convention("N10", "Signs of raised intracranial pressure not recorded"),
}

FLAGS = {
    "possible_masked_fever": _convention("C2c", "A fever may be masked: CRS cannot be ruled out"),
    "unexplained_hypotension_or_hypoxia": _table("C2d", "Hypotension or hypoxia without fever, unexplained"),
    "temperature_missing_with_hypotension_or_hypoxia": _convention(
        "C10", "Hypotension or hypoxia, and the temperature is not known: measure it now"
    ),
    "fever_before_first_dose": _convention("S1", "A fever before the first dose: no CRS, find its cause"),
    "implausible_temperature": _convention("C10", "Measure the temperature again"),
    "hypotension_to_be_confirmed": _convention("C3a", "Is this hypotension? Ask"),
    "standing_pressure_low": _convention("C3a", "Low while standing: measure the pressure lying"),
    "low_pressure_not_ticked": _convention("C3b", "Systolic pressure below 90 although hypotension is denied"),
    "inotrope_to_be_judged": _convention("C4b", "Does the inotrope count as a vasopressor? Ask"),
    "contradictory_vasopressors": _convention(
        "C4", "The set denies what the record of treatments has running: has it stopped?"
    ),
    "vasopressor_at_home": _convention("C8", "Taken before the first dose already? Then record it as the baseline"),
    "unknown_agent": _convention("C4b", "An agent that is not known counts as a vasopressor: which one is it?"),
    "high_flow_at_low_rate": _table("C5b", "High-flow device at 6 L/min or less: judge anew in a small child"),
    "contradictory_oxygen": _convention("C5d", "Oxygen entries contradict each other"),
    "oxygen_indication_to_be_confirmed": _convention(
        "C5c", "Is the oxygen really for this? Record flow and saturation"
    ),
    "no_baseline_on_record": _convention("C8", "Record what oxygen was used before the first dose"),
    "value_rounded": _convention("C1a", "A value with more than three decimals was rounded to three"),
    "contradictory_neuro": _convention("N10", "Neurological entries contradict each other"),
    "haemorrhage_to_be_judged": _table("N6", "Haemorrhage with diffuse oedema or weakness: a clinician decides"),
    "implausible_capd": _convention("K4", "CAPD score above 32 is not a score"),
}

RULES: dict[str, RuleRef] = FEVER | PRESSURE | OXYGEN | NEURO | FLAGS
