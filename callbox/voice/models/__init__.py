"""The rows of this room."""

from callbox.voice.models.campaigns import Campaign
from callbox.voice.models.goals import Answer, Goal, GoalReview
from callbox.voice.models.messages import MediaFile, Message, Version

__all__ = ["Answer", "Campaign", "Goal", "GoalReview", "MediaFile", "Message", "Version"]
