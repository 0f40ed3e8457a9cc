"""Help and complaints: asked for from any page, followed until they are answered."""
