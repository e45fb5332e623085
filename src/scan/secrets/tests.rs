//! What users see: samples of every rule are found in context, and the labelled sets come out as agreed.
