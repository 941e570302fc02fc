"""Who keeps a study blinded: named, told of each unblinded pull and key, and shown all of them."""
