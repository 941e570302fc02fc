"""Documents for the archive: PDF/A-3b, text with every glyph embedded, and the files that it was made of inside."""
