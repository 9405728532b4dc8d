"""How exact the reference functions are, against mpmath at committed points.

points: where one looks. activations, losses, distributions: the truth there. owed: what each function owes.
measure: how far it is. limited: the same once more, with fewer of the processor's instructions.
"""
