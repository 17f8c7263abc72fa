"""From archived bytes to canonical feeds: text rows with line numbers, typed rows, and what was held back."""
