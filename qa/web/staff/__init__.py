"""The staff's pages at /staff, behind a login; what they work with is `qa.staff`."""
