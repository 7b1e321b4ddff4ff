"""What Anju promises, as tests: the folders mirror the rooms."""
