"""Questions: fans ask in any script, the answers of the community are found."""
