"""Dose periods as they change: a program is sent what became another since it asked last."""
