"""Pages where somebody proves who they are: to sign in, or to be known more surely."""
