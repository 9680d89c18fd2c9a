"""The offline wallet's server half: which tickets live in which phone, and how they get in, stay fresh and come out."""
