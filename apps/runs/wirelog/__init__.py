"""The wire of a run's calls as it is looked at: events with their times, what our decoder made of them, downloads."""
