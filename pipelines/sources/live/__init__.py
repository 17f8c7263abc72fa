"""Sources that are asked over the network. The frame: journal, archive, retries, budget; a client knows one system.

A new kind is an entry in `kinds.KINDS` and a class with the methods of `protocol.Client`; nothing else changes.
"""
