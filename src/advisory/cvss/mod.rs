//! CVSS scores; here the base scores of versions 2 and 3: <https://www.first.org/cvss/v2/guide>, <https://www.first.org/cvss/v3.1/specification-document>.

mod metrics;
mod v4;

use crate::model::Severity;
use metrics::Metrics;

/// A score in tenths (75 is 7.5), and the word its version of CVSS has for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Score {
    /// The major version of CVSS: what a newer one says counts more.
    pub(super) version: u8,
    /// The score in tenths, 0 to 100.
    pub(super) tenths: u8,
}

impl Score {
    /// The qualitative rating. Version 2 knows no "critical" (NVD's ratings, <https://nvd.nist.gov/vuln-metrics/cvss>).
    pub(super) const fn severity(self) -> Severity {
        match self.tenths {
            0 => Severity::Info,
            1..40 => Severity::Low,
            40..70 => Severity::Medium,
            70..90 => Severity::High,
            _ if self.version == 2 => Severity::High,
            _ => Severity::Critical,
        }
    }
}

/// The score of a vector such as `CVSS:3.1/AV:N/…`; `None` where it is not a complete vector of CVSS 2, 3 or 4.
pub(super) fn score(vector: &str) -> Option<Score> {
    let vector = vector.trim();
    if let Some(metrics) = vector.strip_prefix("CVSS:4.0/") {
        let tenths = v4::tenths(&Metrics::parse(metrics)?)?;
        return Some(Score { version: 4, tenths });
    }
    let v3 = vector
        .strip_prefix("CVSS:3.0/")
        .map(|metrics| (metrics, roundup_3_0 as fn(f64) -> u8))
        .or_else(|| {
            vector
                .strip_prefix("CVSS:3.1/")
                .map(|metrics| (metrics, roundup_3_1 as fn(f64) -> u8))
        });
    if let Some((metrics, roundup)) = v3 {
        let tenths = v3_tenths(&Metrics::parse(metrics)?, roundup)?;
        return Some(Score { version: 3, tenths });
    }
    let bare = vector.strip_prefix("CVSS:2.0/").unwrap_or(vector);
    let bare = bare.trim_start_matches('(').trim_end_matches(')');
    let tenths = v2_tenths(&Metrics::parse(bare)?)?;
    Some(Score { version: 2, tenths })
}

/// Section 7.4 of the specification: metric values.
fn v3_tenths(metrics: &Metrics<'_>, roundup: fn(f64) -> u8) -> Option<u8> {
    const IMPACT: [(&str, f64); 3] = [("H", 0.56), ("L", 0.22), ("N", 0.0)];
    let changed = match metrics.get("S")? {
        "C" => true,
        "U" => false,
        _ => return None,
    };
    let privileges: [(&str, f64); 3] = if changed {
        [("N", 0.85), ("L", 0.68), ("H", 0.5)]
    } else {
        [("N", 0.85), ("L", 0.62), ("H", 0.27)]
    };
    let exploitability = 8.22
        * metrics.weight("AV", &[("N", 0.85), ("A", 0.62), ("L", 0.55), ("P", 0.2)])?
        * metrics.weight("AC", &[("L", 0.77), ("H", 0.44)])?
        * metrics.weight("PR", &privileges)?
        * metrics.weight("UI", &[("N", 0.85), ("R", 0.62)])?;
    let kept = (1.0 - metrics.weight("C", &IMPACT)?)
        * (1.0 - metrics.weight("I", &IMPACT)?)
        * (1.0 - metrics.weight("A", &IMPACT)?);
    let base = 1.0 - kept;
    let impact = if changed {
        7.52 * (base - 0.029) - 3.25 * (base - 0.02).powi(15)
    } else {
        6.42 * base
    };
    if impact <= 0.0 {
        return Some(0);
    }
    let factor = if changed { 1.08 } else { 1.0 };
    Some(roundup((factor * (impact + exploitability)).min(10.0)))
}

/// The next tenth up, as version 3.0 says it.
fn roundup_3_0(score: f64) -> u8 {
    (score * 10.0).ceil() as u8
}

/// The next tenth up, computed in whole numbers (appendix A of version 3.1).
fn roundup_3_1(score: f64) -> u8 {
    let scaled = (score * 100_000.0).round() as u64;
    u8::try_from(scaled.div_ceil(10_000)).unwrap_or(100)
}

/// Section 3.2.1 of the guide.
fn v2_tenths(metrics: &Metrics<'_>) -> Option<u8> {
    const IMPACT: [(&str, f64); 3] = [("N", 0.0), ("P", 0.275), ("C", 0.66)];
    let kept = (1.0 - metrics.weight("C", &IMPACT)?)
        * (1.0 - metrics.weight("I", &IMPACT)?)
        * (1.0 - metrics.weight("A", &IMPACT)?);
    let impact = 10.41 * (1.0 - kept);
    let exploitability = 20.0
        * metrics.weight("AV", &[("L", 0.395), ("A", 0.646), ("N", 1.0)])?
        * metrics.weight("AC", &[("H", 0.35), ("M", 0.61), ("L", 0.71)])?
        * metrics.weight("Au", &[("M", 0.45), ("S", 0.56), ("N", 0.704)])?;
    let factor = if impact == 0.0 { 0.0 } else { 1.176 };
    let score = (0.6 * impact + 0.4 * exploitability - 1.5) * factor;
    Some((score * 10.0).round().clamp(0.0, 100.0) as u8)
}

#[cfg(test)]
mod tests {
    use super::score;
    use crate::model::Severity;

    fn tenths(vector: &str) -> Option<u8> {
        score(vector).map(|score| score.tenths)
    }

    #[test]
    fn version_3_scores_are_those_of_the_calculator() {
        for (metrics, want) in [
            ("AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 98),
            ("AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 100),
            ("AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", 75),
            ("AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 61),
            ("AV:L/AC:H/PR:L/UI:N/S:U/C:L/I:N/A:N", 25),
            ("AV:P/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N", 0),
        ] {
            assert_eq!(
                tenths(&format!("CVSS:3.1/{metrics}")),
                Some(want),
                "{metrics}"
            );
            assert_eq!(
                tenths(&format!("CVSS:3.0/{metrics}")),
                Some(want),
                "{metrics}"
            );
        }
    }

    #[test]
    fn version_2_scores_are_those_of_the_guide() {
        for (vector, want) in [
            ("AV:N/AC:L/Au:N/C:N/I:N/A:C", 78),
            ("AV:N/AC:L/Au:N/C:C/I:C/A:C", 100),
            ("AV:L/AC:H/Au:N/C:C/I:C/A:C", 62),
            ("(AV:N/AC:M/Au:N/C:N/I:P/A:N)", 43),
        ] {
            assert_eq!(tenths(vector), Some(want), "{vector}");
        }
        let worst = score("AV:N/AC:L/Au:N/C:C/I:C/A:C").unwrap();
        assert_eq!(worst.severity(), Severity::High);
    }

    #[test]
    fn what_is_not_a_complete_vector_has_no_score() {
        for vector in [
            "",
            "7.5",
            "CVSS:3.1/AV:N",
            "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:Q",
            "CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
            "CVSS:4.0/AV:N/AC:L",
            "CVSS:9.9/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
        ] {
            assert_eq!(tenths(vector), None, "{vector}");
        }
    }
}
