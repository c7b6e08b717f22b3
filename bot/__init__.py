"""What speaks to GitHub: finds the pull request, decides what it should show, and makes it so."""
