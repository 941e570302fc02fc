"""Data sets in the shape of SDTM, as docs/sources map them. The sponsor completes MedDRA and WHODrug coding."""
