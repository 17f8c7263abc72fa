"""What an auditor reads: the quality report, what changed, and the way back from a number to its source lines."""
