//! What commands do, and what the user does meanwhile.

use super::*;
