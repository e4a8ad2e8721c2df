"""mcp-task-orchestrator: what its databases and files hold, as plain values of ours."""
