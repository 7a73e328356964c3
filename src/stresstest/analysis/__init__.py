"""Why: the provider's best response, the worth of each lever, the null test, the record. Formats nothing."""
