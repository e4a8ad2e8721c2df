"""Folders of architecture decision records that other tools keep: MADR, adr-tools, log4brains and kin."""
