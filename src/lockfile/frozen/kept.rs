//! A file that many are compared with: a workspace has one lockfile and hundreds of manifests.

use std::any::Any;
use std::borrow::Cow;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What a `T` is made once for.
type Slot<T> = Arc<OnceLock<Arc<T>>>;

/// A file's bytes, and what was read of them, for the next that asks.
pub struct Kept<'a> {
    bytes: Cow<'a, [u8]>,
    /// A [`Slot`] for each type that was asked for.
    slots: Mutex<Vec<Box<dyn Any + Send>>>,
}

impl<'a> Kept<'a> {
    /// A file with this content.
    #[must_use]
    pub fn new(bytes: impl Into<Cow<'a, [u8]>>) -> Self {
        Self {
            bytes: bytes.into(),
            slots: Mutex::default(),
        }
    }

    /// The content.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What `read` makes of the content: done for the first that asks for a `T`, while others who ask for one wait. `read` may
    /// ask for another type, and not for a `T` again.
    pub fn once<T: Any + Send + Sync>(&self, read: impl FnOnce(&[u8]) -> T) -> Arc<T> {
        let slot = self.slot::<T>();
        Arc::clone(slot.get_or_init(|| Arc::new(read(&self.bytes))))
    }

    fn slot<T: Any + Send + Sync>(&self) -> Slot<T> {
        // Nothing that is done under the lock leaves the list half changed.
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        let known = slots.iter().find_map(|one| one.downcast_ref::<Slot<T>>());
        if let Some(known) = known {
            return Arc::clone(known);
        }
        let new = Slot::<T>::default();
        slots.push(Box::new(Arc::clone(&new)));
        new
    }
}

#[cfg(test)]
mod tests {
    use super::Kept;
    use std::cell::Cell;
    use std::sync::Arc;

    #[test]
    fn each_type_is_read_once() {
        let kept = Kept::new(&b"abc"[..]);
        let reads = Cell::new(0);
        let length = |bytes: &[u8]| {
            reads.set(reads.get() + 1);
            bytes.len()
        };
        // One may be made of another.
        let text = kept.once(|bytes| format!("{bytes:?}: {}", kept.once(length)));
        assert_eq!(*text, "[97, 98, 99]: 3");
        assert_eq!(*kept.once(length), 3);
        assert!(Arc::ptr_eq(&text, &kept.once(|_| "other".to_owned())));
        assert_eq!(reads.get(), 1);
    }
}
