"""``python -m taskorch``."""

import sys

from taskorch.cli.boundary import main

if __name__ == "__main__":
    sys.exit(main())
