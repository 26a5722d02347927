"""Things on screen: the window, its pages and the controls they share."""
