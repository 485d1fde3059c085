"""Speed as ratios: each figure is measured beside its limit or peer in the same run, and printed, never asserted."""
