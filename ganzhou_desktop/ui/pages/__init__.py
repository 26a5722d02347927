"""One module or folder per page; pages never import each other, they go to one another through the Session."""
