"""The way of an event through the latent space."""
