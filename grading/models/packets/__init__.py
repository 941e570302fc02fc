"""Data cuts and the packets that are built of them."""
