"""Threshold policies that run beside the one in force."""
