"""What Adda can do, one feature a file or folder."""
