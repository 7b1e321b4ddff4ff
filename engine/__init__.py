"""Runs any process safely and remembers what happened; knows nothing of housing or HTTP."""
