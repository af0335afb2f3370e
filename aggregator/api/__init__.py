"""The machine doors: what programs ask for, beside the dashboard; no word of HTML."""
