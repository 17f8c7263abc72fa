"""Where bytes come from: source folders, the archive and its receipts. Nothing here understands content."""
