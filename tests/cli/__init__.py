"""The command line: each promise of the contract, on real repositories."""
