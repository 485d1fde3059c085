"""反复违法雷达: the list, the map of clauses and villages, and what is proposed."""
