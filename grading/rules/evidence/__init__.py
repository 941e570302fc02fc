"""Which dose periods are evidence, and of what. What a count supports: `regimens.rules.proportions`."""
