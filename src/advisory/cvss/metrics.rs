//! A CVSS vector as text, taken apart.

/// The metrics of a vector: `AV:N/AC:L/…`.
pub(super) struct Metrics<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Metrics<'a> {
    /// `None` where a part has no colon, a metric comes twice or there are more than any version of CVSS has.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        const MOST: usize = 40;
        let mut metrics: Vec<(&str, &str)> = Vec::new();
        for part in text.split('/').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once(':')?;
            if metrics.len() == MOST || metrics.iter().any(|&(known, _)| known == name) {
                return None;
            }
            metrics.push((name, value));
        }
        Some(Self(metrics))
    }

    /// The value of a metric.
    pub(super) fn get(&self, name: &str) -> Option<&'a str> {
        self.0
            .iter()
            .find(|&&(known, _)| known == name)
            .map(|&(_, value)| value)
    }

    /// The weight that `table` gives the value of a metric.
    pub(super) fn weight(&self, name: &str, table: &[(&str, f64)]) -> Option<f64> {
        let value = self.get(name)?;
        table
            .iter()
            .find(|&&(known, _)| known == value)
            .map(|&(_, weight)| weight)
    }
}
