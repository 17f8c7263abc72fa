"""Servers on this machine that behave as the CRMs do, written from their facts and not from any client."""
