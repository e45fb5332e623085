//! What holds for the built-in pack as a whole, and for the engine against a plain search.
