"""taskorch: tasks, decisions and sessions kept in git, with claims that git can check.

The names below are loaded on first use, so that ``import taskorch`` (and with it every command
line start) stays cheap.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from taskorch.errors import TaskorchError as TaskorchError
    from taskorch.orchestrator import EnhancedTaskOrchestrator as EnhancedTaskOrchestrator
    from taskorch.orchestrator import create_enhanced_orchestrator as create_enhanced_orchestrator

__version__ = "0.1.0"
__all__ = ["EnhancedTaskOrchestrator", "TaskorchError", "__version__", "create_enhanced_orchestrator"]

_HOMES = {
    "TaskorchError": "taskorch.errors",
    "EnhancedTaskOrchestrator": "taskorch.orchestrator",
    "create_enhanced_orchestrator": "taskorch.orchestrator",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its module (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'taskorch' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
