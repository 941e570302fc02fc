"""Records as FHIR R4 (4.0.1): Observation, MedicationAdministration, AdverseEvent. By USUBJID, never by a name."""
