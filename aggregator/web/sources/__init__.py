"""Sources: the list of all, the page of each, and what is done to one."""
