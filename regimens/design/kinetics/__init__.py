"""How a drug moves in people, in steps of time: one module a kind of kinetics."""
