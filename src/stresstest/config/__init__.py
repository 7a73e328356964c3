"""From files to a study: the only reader of configuration. Errors name file, key, value, what was expected, the nearest."""
