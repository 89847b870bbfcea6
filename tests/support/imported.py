"""What a server imports before it serves: to be imported before any is forked (forked.py)."""

import alembic.command
import pytest
import uvicorn.config
import uvicorn.lifespan.on

import app.cli.waiting
import app.main
import app.streams.rebuild
import app.web.limits
import app.wire.protocol

__all__ = ["alembic", "app", "pytest", "uvicorn"]
