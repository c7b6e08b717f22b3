"""An example with images: handwritten digits, which class each is, and branches that bring better and worse of them."""
