"""What nature does: named random streams, marginals, dependence, the six axes. Knows no contract and no provider."""
