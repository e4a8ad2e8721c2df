"""``taskorch demo``: the main job on throw-away repositories, each step proved by plain git beside ours."""
