"""How often the ladder is right about real pull requests: a command of its own, see CONTRIBUTING.md."""
