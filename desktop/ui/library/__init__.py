"""The page 资料库: checklists, criteria of major hazards, articles of law, phrases."""
