"""What the pages show, as values and words in both languages; the templates only lay it out."""
