"""A second opinion from another model: what it is asked, what may leave the house, and what of its answer is believed."""
