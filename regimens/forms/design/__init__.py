"""What is typed on the pages of a design: kept as it was typed, read as the contract asks, each fault at its box."""
