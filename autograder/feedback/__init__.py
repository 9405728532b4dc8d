"""What a student is told: a message, a figure, and the panel that holds them."""
