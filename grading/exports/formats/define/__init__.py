"""What the data sets of a packet hold, said in Define-XML 2.1 for programs and as a page for people."""
