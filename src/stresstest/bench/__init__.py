"""What the hot loop costs, as ratios to baselines in the same process, and the guard that sees when a rule becomes slower."""
