"""How days and hours are written where Django's own formats have a gap."""
