"""The services on real repositories."""
