"""Proof"""


def proof(a, b, v, r):
    return None
