"""Questions about what was seen and told. Every one starts from who is asking."""
