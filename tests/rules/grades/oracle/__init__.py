"""The rules read once more, from their text: Lee et al. 2019 by its rows (C.., N.., K.., S..) and the rulings.

Nothing here imports the rules that it is held against. Each element is the set of grades it could stand for, and a
grade is what every combination of them allows (C10). Inputs are those of the contract, as JSON has them.
"""
