"""How institutions reach finite games: tables, trees, counts, probes, crowds, repetition."""
