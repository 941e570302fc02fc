"""What a page costs on a tablet, in CPU."""
