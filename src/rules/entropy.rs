//! How much information a text carries.

/// Shannon entropy of `bytes` in bits per byte: 0 for one byte repeated, 8 at most. Empty gives 0.
#[must_use]
#[allow(clippy::cast_precision_loss)] // secrets are far shorter than 2^52 bytes
pub fn entropy(bytes: &[u8]) -> f32 {
    if bytes.is_empty() {
        return 0.0;
    }
    let mut counts = [0u32; 256];
    for &byte in bytes {
        counts[usize::from(byte)] += 1;
    }
    let total = bytes.len() as f32;
    counts
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| {
            let share = count as f32 / total;
            -share * share.log2()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::entropy;

    #[test]
    fn of_known_texts() {
        assert!(entropy(b"") < f32::EPSILON);
        assert!(entropy(b"aaaa") < f32::EPSILON);
        assert!((entropy(b"abcd") - 2.0).abs() < 1e-6);
        assert!((entropy(b"aabb") - 1.0).abs() < 1e-6);
    }
}
