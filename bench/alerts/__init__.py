"""What the benchmarks of alerts share: raising, waiting, receiving (bench/delivery.py)."""
