"""Names and texts of a packet that whoever verifies one needs too: no Django, no database."""

MANIFEST = "MANIFEST.json"
README = "README.txt"

README_TEXT = """\
This archive is one data cut of one study.

MANIFEST.json   what it is, of what it was made, and the SHA-256, the bytes and the rows of every other file; its dates
                are "recorded": as they were, moved for nobody
*.csv           the data sets; instants with their offset, a missing value is an empty cell
*.json          the same as CDISC Dataset-JSON 1.1
*.xpt           the same as SAS transport files, version 5, which hold ASCII alone: signs are written with it (>=, ug),
                Latin letters without their marks, and steps by the english_names of MANIFEST.json
define.xml      CDISC Define-XML 2.1; define.html is the same for people
dictionary.csv  each column with its unit, its derivation and its source

To check it without a database, with the program of the version that the manifest names:
    python3 manage.py verify_packet FILE
It compares every hash, and derives every grade and the rows of adcrsp again from the other rows of this archive.
Before you compute:
- In *.json and *.xpt an instant is the clock on the wall of the site (column TZ), which R and pandas call UTC. Take
  hours from the columns of hours (CRSONH, HDOSE), or from the instants of *.csv, which have their offset.
- Columns ending in DT count days since 1960-01-01: as.Date(x, origin = "1960-01-01") in R,
  pandas.to_datetime(x, unit="D", origin="1960-01-01").
- pandas.read_sas shows the 0 of a transport file as 5.4E-79: round it, or read the CSV.
- LSTMODTM is when anything of the participant was recorded last by the cut, the same in all rows of a participant.
- A share of doses is of rows with DOSSTAT other than NOT GIVEN; CRSFL is empty where it is not known.
An empty cell means that nobody looked or that it is not known. It never means that nothing was there.
"""
