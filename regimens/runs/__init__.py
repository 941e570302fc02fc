"""Runs of the workbench beside all else: read, claimed by one worker, computed in a process of its own, kept."""
