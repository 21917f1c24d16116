"""What a brand is shown: figures, charts, files, the seal, and the links it opens them by."""
