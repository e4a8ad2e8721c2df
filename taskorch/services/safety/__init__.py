"""What only this repository keeps, so that nothing is lost: checkpoints, journal, undo, restore."""
