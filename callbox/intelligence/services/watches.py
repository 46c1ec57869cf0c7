"""What is done with a watch. Whether it may listen at this moment is asked in `permission`, by everyone, each time."""

from __future__ import annotations

from callbox.intelligence.services.permission import Permission, permissions, permits

__all__ = ["Permission", "permissions", "permits"]
