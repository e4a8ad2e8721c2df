"""The async library: the vocabulary of mcp-task-orchestrator, over the services.

Every call runs service functions in a worker thread; the facade adds no rules of its own.
"""

from taskorch.orchestrator.continuity import (
    OpenStore,
    initialize_context_continuity,
    migrate_context_continuity_schema,
)
from taskorch.orchestrator.core import TaskOrchestrator
from taskorch.orchestrator.enhanced import EnhancedTaskOrchestrator, create_enhanced_orchestrator
from taskorch.orchestrator.specialists import SpecialistManager
from taskorch.orchestrator.state import StateManager
from taskorch.orchestrator.streams import (
    EnhancedWorkStreamHandler,
    prepare_documentation_work_stream,
    prepare_testing_work_stream,
)
from taskorch.orchestrator.tracking import ContextOrchestrator, SubtaskTracker

__all__ = [
    "ContextOrchestrator",
    "EnhancedTaskOrchestrator",
    "EnhancedWorkStreamHandler",
    "OpenStore",
    "SpecialistManager",
    "StateManager",
    "SubtaskTracker",
    "TaskOrchestrator",
    "create_enhanced_orchestrator",
    "initialize_context_continuity",
    "migrate_context_continuity_schema",
    "prepare_documentation_work_stream",
    "prepare_testing_work_stream",
]
