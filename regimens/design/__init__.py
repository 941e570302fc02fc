"""The step-up design workbench: concentrations, risk, virtual trials. Pure numbers: no Django, no clock, no setting.

Research software: nothing here releases a dose, shortens a window or silences an alert.
"""
