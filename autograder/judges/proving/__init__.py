"""Proofs by computation: normal forms over exponentials and logarithms, and case splits at kinks."""
