"""甘州科创台账: an offline register of a district's science and innovation plan."""

__version__ = "0.1.0"
