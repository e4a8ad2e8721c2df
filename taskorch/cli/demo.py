"""taskorch demo."""

from __future__ import annotations

import click

commands = click.Group()
