"""Where to open: location models, permanences, rounds, and what a scenario changes."""
