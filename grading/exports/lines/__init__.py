"""ADCRSP as CSV from lines that were written before: of periods that are over, which are most of them."""
