//! "Did you mean".

/// A sentence that names the known word nearest to `word`, or all of them where none is near.
#[must_use]
pub fn suggest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.collect();
    let nearest = known
        .iter()
        .map(|candidate| (distance(word, candidate), *candidate))
        .min()
        .filter(|&(cost, candidate)| {
            cost <= candidate.chars().count().max(word.chars().count()) / 3 + 1
        });
    match nearest {
        Some((_, candidate)) => format!("did you mean `{candidate}`?"),
        None => format!("known: {}", known.join(", ")),
    }
}

/// Edits (insert, delete, replace, swap of neighbours) from `a` to `b`: Damerau-Levenshtein, optimal string alignment.
fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let cost = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + cost);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::suggest;

    #[test]
    fn names_the_nearest_word_or_all() {
        let known = ["enabled", "level", "exclude"];
        assert_eq!(
            suggest("enabeld", known.into_iter()),
            "did you mean `enabled`?"
        );
        assert_eq!(
            suggest("quux", known.into_iter()),
            "known: enabled, level, exclude"
        );
    }
}
