"""Pages: parse, scope, call one service, answer."""
