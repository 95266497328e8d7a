"""What the staff's pages work with: who they are, what they mark, run, measure and publish.

None of it knows the browser: `qa.web.staff` shows it.
"""
