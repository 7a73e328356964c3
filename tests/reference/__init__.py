"""A slow second statement of the model in plain Python, written from the words of its clauses and not from its code."""
