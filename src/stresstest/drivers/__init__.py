"""From axes to need, cost, acute activity and outcomes. Knows no clause, no lever and no money that changes hands."""
