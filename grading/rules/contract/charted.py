"""What is charted and read by no rule: for the record only, each with the reason. Everything else that is charted is
read; a test tries each field of the facts and of the rules' inputs, so that none is asked for in vain.
"""

# Columns of VitalSigns.
SET_FOR_THE_RECORD = {
    "temperature_site": "the paper gives no limit by site",
    "dbp": "held against the systolic for slips, typed again where it is rare; grades nothing",
    "mean_pressure_computed": "says that the mean was made of the other two, so that it is not read as a third",
    "arm": "told beside the pressure",
    "fluid_bolus_ml": "any volume of fluid stays grade 2 (C3)",
    "fluid_bolus_reason": "a bolus is asked for as one for the pressure; another cause is attributed",
    "rigors": "does not change the grade (C9)",
    "infection_suspected": "a nurse's suspicion silences nothing (decisions, Attribution)",
    "differential": "kept as codes beside the set",
    "infusion": "told on the course",
    "not_done": "why a field is empty; empty is what the rules read",
    "retyped": "which rare values were typed twice",
    "unconfirmed": "which rare values are still to be typed again",
    "dropped": "what an import held that nobody can have; the rules read that nobody measured",
    "opened_at": "when the form was opened",
}
# Columns of NeuroAssessment.
NEURO_FOR_THE_RECORD = {
    "not_done": SET_FOR_THE_RECORD["not_done"],
    "opened_at": SET_FOR_THE_RECORD["opened_at"],
    "bank_language": "with which words the ICE was asked; a change of them is shown (neuro/mixing.py)",
    "bank_version": "as bank_language",
    "object_set": "the next assessment shows another",
    "bank_because": "why the words changed",
    "adaptations": "told beside the result; an item is scored after adaptation (N9)",
    "interpreter": "told beside the result",
    "sentence": "shown beside those of before; the nurse scores it",
    "sentence_on_paper": "says why there are no strokes",
}
# Kinds of Measurement.
MEASURED_FOR_THE_RECORD = {
    "baseline_spo2": "an indication is believed at 90 % or above, whatever the saturation at baseline",
    "baseline_dbp": "told on the course; no rule compares a diastolic pressure",
    "crp_mg_l": "no automated HLH or laboratory grading",
    "ferritin_ug_l": "no automated HLH or laboratory grading",
    "fibrinogen_g_l": "no automated HLH or laboratory grading",
    "alt_u_l": "no automated laboratory grading",
    "ast_u_l": "no automated laboratory grading",
    "il6_ng_l": "no automated laboratory grading",
    "neutrophils_1e9_l": "no automated laboratory grading",
    "glucose_mmol_l": "no automated laboratory grading",
    "urine_ml_h": "no automated laboratory grading",
    "cultures_taken": "told on the course",
    "language": "in which the ICE is asked",
    "care_ceiling": "told on the course; silences no grade",
}
