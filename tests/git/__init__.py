"""The git layer, held against git itself."""
