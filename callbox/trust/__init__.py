"""Area 2: residents are heard. Conversations, moderation, subscriptions, and sealed tips."""
