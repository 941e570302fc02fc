"""The planned dose of each dose as SQL: what `regimens.rules.dose.dose_for` says, for the whole export at once.

A test holds the two together. Fixed texts of ours: nothing a user typed comes in here.
"""

# For each step what the plan's cohorts and bands of weight have there. Null: the plan has none of them (for this step).
PLANS = """
    SELECT step.id AS step_id,
           (SELECT jsonb_object_agg(cohort ->> 'name', cohort -> 'ladder' ->> step.label)
              FROM jsonb_array_elements(regimen.document -> 'cohorts') cohort) AS cohorts,
           (SELECT jsonb_agg(jsonb_build_object('from', band ->> 'from_kg', 'below', band ->> 'below_kg',
                             'dose', band -> 'doses' ->> step.label, 'unit', band ->> 'unit') ORDER BY bands.place)
              FROM jsonb_array_elements(regimen.document -> 'by_weight') WITH ORDINALITY bands(band, place)
             WHERE band -> 'doses' ->> step.label IS NOT NULL) AS bands
      FROM regimens_step step
      JOIN regimens_regimen regimen ON regimen.id = step.regimen_id
     WHERE regimen.study_id = {study}
"""
# kg: the last weight up to the dose. per in per_unit: the dose as planned; null: not known. Each a CASE, so that
# nothing is looked up for the many doses that have neither a band nor a weight to count.
OF_A_DOSE = """
  LEFT JOIN plan ON plan.step_id = period.step_id
  CROSS JOIN LATERAL (
       SELECT CASE WHEN plan.bands IS NOT NULL OR step.unit IN ('mg/kg', 'ug/kg') THEN (
              SELECT measured.value FROM regimens_measurement measured
               WHERE measured.participant_id = period.participant_id AND measured.kind = 'weight_kg'
                     AND measured.value IS NOT NULL AND measured.observed_at <= dose.observed_at
                     AND NOT measured.withdrawn AND NOT EXISTS (
                         SELECT FROM regimens_measurement later WHERE later.supersedes_id = measured.id)
               ORDER BY measured.observed_at DESC, measured.id LIMIT 1) END AS kg,
              -- also where a later version moved it behind the dose, or took it back
              CASE WHEN plan.bands IS NOT NULL OR step.unit IN ('mg/kg', 'ug/kg') THEN (
              SELECT max(measured.recorded_at) FROM regimens_measurement measured
               WHERE measured.participant_id = period.participant_id AND measured.kind = 'weight_kg'
                     AND EXISTS (SELECT FROM regimens_measurement later WHERE later.root = measured.root
                                    AND later.participant_id = measured.participant_id
                                    AND later.observed_at <= dose.observed_at)
              ) END AS changed
  ) weighed
  CROSS JOIN LATERAL (
       SELECT CASE WHEN plan.bands IS NOT NULL AND plan.cohorts ->> participant.cohort IS NULL THEN (
              SELECT one FROM jsonb_array_elements(plan.bands) WITH ORDINALITY bands(one, place)
               WHERE weighed.kg >= coalesce((one ->> 'from')::numeric, 0)
                     AND (one ->> 'below' IS NULL OR weighed.kg < (one ->> 'below')::numeric)
               ORDER BY bands.place LIMIT 1) END AS found
  ) band
  CROSS JOIN LATERAL (
       SELECT coalesce(band.found ->> 'unit', step.unit) AS per_unit,
              CASE WHEN plan.cohorts IS NOT NULL AND NOT jsonb_exists(plan.cohorts, participant.cohort) THEN NULL
                   WHEN plan.cohorts ->> participant.cohort IS NOT NULL
                        THEN (plan.cohorts ->> participant.cohort)::numeric
                   WHEN plan.bands IS NOT NULL AND weighed.kg IS NULL THEN NULL
                   ELSE coalesce((band.found ->> 'dose')::numeric, step.planned_dose) END AS per
  ) planned
"""
# In the unit of the dose given. Planned per kilogram and given in mg or ug: for the weight on record.
DOSE = (
    "CASE WHEN planned.per_unit = dose.unit THEN planned.per"
    " WHEN planned.per_unit = dose.unit || '/kg' THEN planned.per * weighed.kg END"
)
