"""Fxiaoke (纷享销客, ShareCRM), OpenAPI version 2."""
