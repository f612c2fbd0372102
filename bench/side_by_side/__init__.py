"""What bench/side-by-side is made of."""
