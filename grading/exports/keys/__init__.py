"""Keys of programs that fetch data sets: each bound to one study, and to what of it may be told."""
