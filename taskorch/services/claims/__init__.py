"""What was changed, by whom: observed in the work tree, told, and folded into claims."""
