"""The composition root: the only place that knows everything. Wiring, tables of reactions and times, CLI."""
