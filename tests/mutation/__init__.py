"""Small faults put into the rules one by one, to see whether a test notices: `python3 dev.py mutate`."""
