//! What the scanner as a whole does: the section, one pass, fixes.
