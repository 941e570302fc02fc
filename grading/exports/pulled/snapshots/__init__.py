"""Data cuts as snapshots of the Dataset-JSON API: answered from the packets that were kept."""
