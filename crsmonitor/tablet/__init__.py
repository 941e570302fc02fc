"""The pure rules on a tablet: lowered mechanically to what MicroPython reads, bundled and hashed (docs/tablet.md)."""
