"""How payoffs are stored: tables, counts, congestion, road networks. All answer `deviation_payoffs`."""
