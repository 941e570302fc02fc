"""The doors of programs: FHIR R4."""
