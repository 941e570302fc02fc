"""HL7 FHIR R4 (4.0.1) as it is sent to us. R4B and R5 are read where their elements are the same or named below."""
