"""The planned dose of each dose as SQL: what `regimens.rules.dose.dose_for` says, for the whole export at once.

A test holds the two together. Fixed texts of ours: nothing a user typed comes in here.
"""

# For each step what the plan's cohorts and bands of weight have there. Null: the plan has none of them (for this step).
PLANS = """
    SELECT y.id AS step_id,
           (SELECT jsonb_object_agg(k ->> 'name', k -> 'ladder' ->> y.label)
              FROM jsonb_array_elements(z.document -> 'cohorts') k) AS cohorts,
           (SELECT jsonb_agg(jsonb_build_object('from', b ->> 'from_kg', 'below', b ->> 'below_kg',
                             'dose', b -> 'doses' ->> y.label, 'unit', b ->> 'unit') ORDER BY v.place)
              FROM jsonb_array_elements(z.document -> 'by_weight') WITH ORDINALITY v(b, place)
             WHERE b -> 'doses' ->> y.label IS NOT NULL) AS bands
      FROM regimens_step y
      JOIN regimens_regimen z ON z.id = y.regimen_id
     WHERE z.study_id = {study}
"""
# kg: the last weight up to the dose. per in per_unit: the dose as planned; null: not known. Each a CASE, so that
# nothing is looked up for the many doses that have neither a band nor a weight to count.
OF_A_DOSE = """
  LEFT JOIN pl ON pl.step_id = p.step_id
  CROSS JOIN LATERAL (
       SELECT CASE WHEN pl.bands IS NOT NULL OR s.unit IN ('mg/kg', 'ug/kg') THEN (
              SELECT m.value FROM regimens_measurement m
               WHERE m.participant_id = p.participant_id AND m.kind = 'weight_kg' AND m.value IS NOT NULL
                     AND m.observed_at <= d.observed_at AND NOT m.withdrawn
                     AND NOT EXISTS (SELECT FROM regimens_measurement l WHERE l.supersedes_id = m.id)
               ORDER BY m.observed_at DESC, m.id LIMIT 1) END AS kg,
              -- also where a later version moved it behind the dose, or took it back
              CASE WHEN pl.bands IS NOT NULL OR s.unit IN ('mg/kg', 'ug/kg') THEN (
              SELECT max(m.recorded_at) FROM regimens_measurement m
               WHERE m.participant_id = p.participant_id AND m.kind = 'weight_kg'
                     AND EXISTS (SELECT FROM regimens_measurement l WHERE l.root = m.root
                                    AND l.participant_id = m.participant_id AND l.observed_at <= d.observed_at)
              ) END AS changed
  ) weighed
  CROSS JOIN LATERAL (
       SELECT CASE WHEN pl.bands IS NOT NULL AND pl.cohorts ->> w.cohort IS NULL THEN (
              SELECT b FROM jsonb_array_elements(pl.bands) WITH ORDINALITY v(b, place)
               WHERE weighed.kg >= coalesce((b ->> 'from')::numeric, 0)
                     AND (b ->> 'below' IS NULL OR weighed.kg < (b ->> 'below')::numeric)
               ORDER BY v.place LIMIT 1) END AS found
  ) band
  CROSS JOIN LATERAL (
       SELECT coalesce(band.found ->> 'unit', s.unit) AS per_unit,
              CASE WHEN pl.cohorts IS NOT NULL AND NOT jsonb_exists(pl.cohorts, w.cohort) THEN NULL
                   WHEN pl.cohorts ->> w.cohort IS NOT NULL THEN (pl.cohorts ->> w.cohort)::numeric
                   WHEN pl.bands IS NOT NULL AND weighed.kg IS NULL THEN NULL
                   ELSE coalesce((band.found ->> 'dose')::numeric, s.planned_dose) END AS per
  ) planned
"""
# In the unit of the dose given. Planned per kilogram and given in mg or ug: for the weight on record.
DOSE = (
    "CASE WHEN planned.per_unit = d.unit THEN planned.per"
    " WHEN planned.per_unit = d.unit || '/kg' THEN planned.per * weighed.kg END"
)
