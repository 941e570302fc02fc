"""What sponsors take away: the data set ADCRSP, one row for each participant and dose."""
