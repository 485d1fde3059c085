"""执法文书: the list of documents, the editor with its pages beside it, the map of an inspection's documents, paper."""
