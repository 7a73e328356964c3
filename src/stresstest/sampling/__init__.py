"""From the name of a design and the law of the axes to the arrays that the kernel draws from. Knows no contract."""
