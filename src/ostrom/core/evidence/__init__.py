"""Kinds of evidence, in exact rationals: what a certificate may state, and how it is checked without a solver."""
