"""taskorch: tasks, decisions and sessions kept in git, with claims that git can check.

The names below are loaded on first use, so that ``import taskorch`` (and with it every command
line start) stays cheap.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from taskorch.errors import NotFound as NotFound
    from taskorch.errors import TaskorchError as TaskorchError
    from taskorch.errors import UsageError as UsageError
    from taskorch.orchestrator import ContextOrchestrator as ContextOrchestrator
    from taskorch.orchestrator import EnhancedTaskOrchestrator as EnhancedTaskOrchestrator
    from taskorch.orchestrator import EnhancedWorkStreamHandler as EnhancedWorkStreamHandler
    from taskorch.orchestrator import SpecialistManager as SpecialistManager
    from taskorch.orchestrator import StateManager as StateManager
    from taskorch.orchestrator import TaskOrchestrator as TaskOrchestrator
    from taskorch.orchestrator import create_enhanced_orchestrator as create_enhanced_orchestrator
    from taskorch.orchestrator import initialize_context_continuity as initialize_context_continuity
    from taskorch.orchestrator import migrate_context_continuity_schema as migrate_context_continuity_schema
    from taskorch.orchestrator import prepare_documentation_work_stream as prepare_documentation_work_stream
    from taskorch.orchestrator import prepare_testing_work_stream as prepare_testing_work_stream

__version__ = "0.1.0"
__all__ = [
    "ContextOrchestrator",
    "EnhancedTaskOrchestrator",
    "EnhancedWorkStreamHandler",
    "NotFound",
    "SpecialistManager",
    "StateManager",
    "TaskOrchestrator",
    "TaskorchError",
    "UsageError",
    "__version__",
    "create_enhanced_orchestrator",
    "initialize_context_continuity",
    "migrate_context_continuity_schema",
    "prepare_documentation_work_stream",
    "prepare_testing_work_stream",
]

_HOMES = {
    "NotFound": "taskorch.errors",
    "TaskorchError": "taskorch.errors",
    "UsageError": "taskorch.errors",
    "ContextOrchestrator": "taskorch.orchestrator",
    "EnhancedTaskOrchestrator": "taskorch.orchestrator",
    "EnhancedWorkStreamHandler": "taskorch.orchestrator",
    "SpecialistManager": "taskorch.orchestrator",
    "StateManager": "taskorch.orchestrator",
    "TaskOrchestrator": "taskorch.orchestrator",
    "create_enhanced_orchestrator": "taskorch.orchestrator",
    "initialize_context_continuity": "taskorch.orchestrator",
    "migrate_context_continuity_schema": "taskorch.orchestrator",
    "prepare_documentation_work_stream": "taskorch.orchestrator",
    "prepare_testing_work_stream": "taskorch.orchestrator",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its module (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'taskorch' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
