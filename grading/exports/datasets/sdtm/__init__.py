"""Data sets in the shape of SDTM, as docs/export.md lists them. The sponsor completes MedDRA and WHODrug coding."""
