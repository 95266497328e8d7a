"""What the program is made of: advisories, licences and the bill of materials."""
