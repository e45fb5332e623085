//! CVSS 4.0 scores by the macrovector lookup and interpolation of section 8 of the specification:
//! <https://www.first.org/cvss/v4-0/specification-document>.

use super::metrics::Metrics;

/// How far a metric is from its most severe value, in steps.
type Level = i8;

const IMPACT: [(&str, Level); 3] = [("H", 0), ("L", 1), ("N", 2)];
const SUBSEQUENT: [(&str, Level); 4] = [("S", 0), ("H", 1), ("L", 2), ("N", 3)];
const REQUIREMENT: [(&str, Level); 3] = [("H", 0), ("M", 1), ("L", 2)];

/// The score of a vector in tenths; `None` where a base metric is missing or a value is unknown.
pub(super) fn tenths(metrics: &Metrics<'_>) -> Option<u8> {
    let levels = Levels::parse(metrics)?;
    if levels.no_impact() {
        return Some(0);
    }
    let classes = levels.classes();
    let score = lookup(classes)?;
    let mut proportions = 0.0;
    let mut count = 0.0;
    for (lower, distance, depth) in levels.steps(classes) {
        if let Some(lower) = lower {
            count += 1.0;
            proportions += (score - lower) * f64::from(distance) / f64::from(depth);
        }
    }
    let mean = if count > 0.0 {
        proportions / count
    } else {
        0.0
    };
    // The specification rounds half up; the small number keeps a half a half in binary fractions.
    Some((score - mean + 1e-5).round().clamp(0.0, 100.0) as u8)
}

/// The effective value of every metric: the modified one where it is given, the worst case where nothing is.
struct Levels {
    /// AV, PR, UI.
    reach: [Level; 3],
    /// AC, AT.
    complexity: [Level; 2],
    /// VC, VI, VA, then CR, IR, AR.
    vulnerable: [Level; 6],
    /// SC, SI, SA.
    subsequent: [Level; 3],
    /// E.
    exploit: usize,
}

impl Levels {
    fn parse(metrics: &Metrics<'_>) -> Option<Self> {
        let base = |name: &str, table: &[(&str, Level)]| {
            let modified = metrics
                .get(&format!("M{name}"))
                .filter(|&value| value != "X");
            level(modified.or(metrics.get(name))?, table)
        };
        let requirement = |name| match metrics.get(name) {
            None | Some("X") => Some(0),
            Some(value) => level(value, &REQUIREMENT),
        };
        let exploit = match metrics.get("E") {
            None | Some("X" | "A") => 0,
            Some("P") => 1,
            Some("U") => 2,
            Some(_) => return None,
        };
        Some(Self {
            reach: [
                base("AV", &[("N", 0), ("A", 1), ("L", 2), ("P", 3)])?,
                base("PR", &[("N", 0), ("L", 1), ("H", 2)])?,
                base("UI", &[("N", 0), ("P", 1), ("A", 2)])?,
            ],
            complexity: [
                base("AC", &[("L", 0), ("H", 1)])?,
                base("AT", &[("N", 0), ("P", 1)])?,
            ],
            vulnerable: [
                base("VC", &IMPACT)?,
                base("VI", &IMPACT)?,
                base("VA", &IMPACT)?,
                requirement("CR")?,
                requirement("IR")?,
                requirement("AR")?,
            ],
            subsequent: [
                base("SC", &SUBSEQUENT[1..])?,
                base("SI", &SUBSEQUENT)?,
                base("SA", &SUBSEQUENT)?,
            ],
            exploit,
        })
    }

    fn no_impact(&self) -> bool {
        self.vulnerable[..3].iter().all(|&level| level == 2)
            && self.subsequent.iter().all(|&level| level == 3)
    }

    /// The equivalence classes EQ1 to EQ6 (tables 24 to 29 of the specification).
    fn classes(&self) -> [usize; 6] {
        let [confidentiality, integrity, availability, requirements @ ..] = self.vulnerable;
        let open = self.reach.iter().filter(|&&level| level == 0).count();
        let eq1 = match (open, self.reach[0]) {
            (3, _) => 0,
            (0, _) | (_, 3) => 2,
            _ => 1,
        };
        let eq3 = match (confidentiality, integrity, availability) {
            (0, 0, _) => 0,
            (0, _, _) | (_, 0, _) | (_, _, 0) => 1,
            _ => 2,
        };
        let eq4 = if self.subsequent[1..].contains(&0) {
            0
        } else if self.subsequent.contains(&1) {
            1
        } else {
            2
        };
        let needed = requirements
            .iter()
            .zip(&self.vulnerable)
            .any(|(&requirement, &impact)| requirement == 0 && impact == 0);
        [
            eq1,
            usize::from(self.complexity != [0, 0]),
            eq3,
            eq4,
            self.exploit,
            usize::from(!needed),
        ]
    }

    /// For each group of metrics: the score of the next less severe macrovector, how far the vector is from the
    /// most severe one of its own, and how far it could be (table 30).
    fn steps(&self, classes: [usize; 6]) -> [(Option<f64>, Level, Level); 5] {
        let [eq1, eq2, eq3, eq4, _, eq6] = classes;
        let next = |group: usize| {
            let mut lower = classes;
            lower[group] += 1;
            lookup(lower)
        };
        let next_impact = match (eq3, eq6) {
            (0, 0) => max(next(2), next(5)),
            (1, 0) => next(5),
            _ => next(2),
        };
        let (impact_highest, impact_depth) = highest_impact(eq3, eq6);
        [
            (
                next(0),
                distance(&self.reach, HIGHEST_REACH[eq1]),
                [1, 4, 5][eq1],
            ),
            (
                next(1),
                distance(&self.complexity, HIGHEST_COMPLEXITY[eq2]),
                [1, 2][eq2],
            ),
            (
                next_impact,
                distance(&self.vulnerable, impact_highest),
                impact_depth,
            ),
            (
                next(3),
                distance(&self.subsequent, HIGHEST_SUBSEQUENT[eq4]),
                [6, 5, 4][eq4],
            ),
            // A class of EQ5 has one value, so nothing is ever away from it; its step still counts in the mean.
            (next(4), 0, 1),
        ]
    }
}

fn level(value: &str, table: &[(&str, Level)]) -> Option<Level> {
    table
        .iter()
        .find(|&&(known, _)| known == value)
        .map(|&(_, level)| level)
}

fn max(a: Option<f64>, b: Option<f64>) -> Option<f64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (one, other) => one.or(other),
    }
}

/// The steps from the first of `highest` that is at least as severe as `levels` in every metric.
fn distance<const N: usize>(levels: &[Level; N], highest: &[[Level; N]]) -> Level {
    highest
        .iter()
        .find(|top| top.iter().zip(levels).all(|(top, level)| top <= level))
        .map_or(0, |top| {
            levels.iter().zip(top).map(|(level, top)| level - top).sum()
        })
}

/// The most severe vectors of each class of EQ1: AV, PR, UI.
const HIGHEST_REACH: [&[[Level; 3]]; 3] = [
    &[[0, 0, 0]],
    &[[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    &[[3, 0, 0], [1, 1, 1]],
];
/// Of EQ2: AC, AT.
const HIGHEST_COMPLEXITY: [&[[Level; 2]]; 2] = [&[[0, 0]], &[[1, 0], [0, 1]]];
/// Of EQ4: SC, SI, SA.
const HIGHEST_SUBSEQUENT: [&[[Level; 3]]; 3] = [&[[1, 0, 0]], &[[1, 1, 1]], &[[2, 2, 2]]];

/// Of EQ3 and EQ6 together (VC, VI, VA, CR, IR, AR), and the depth of the class.
const fn highest_impact(eq3: usize, eq6: usize) -> (&'static [[Level; 6]], Level) {
    match (eq3, eq6) {
        (0, 0) => (&[[0, 0, 0, 0, 0, 0]], 7),
        (0, _) => (&[[0, 0, 1, 1, 1, 0], [0, 0, 0, 1, 1, 1]], 6),
        (1, 0) => (&[[1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0]], 8),
        (1, _) => (
            &[
                [1, 0, 1, 0, 1, 0],
                [1, 0, 0, 0, 1, 1],
                [0, 1, 0, 1, 0, 1],
                [0, 1, 1, 1, 0, 0],
                [1, 1, 0, 0, 0, 1],
            ],
            8,
        ),
        _ => (&[[1, 1, 1, 0, 0, 0]], 10),
    }
}

/// The score of a macrovector in tenths; `None` for one that does not exist.
fn lookup([eq1, eq2, eq3, eq4, eq5, eq6]: [usize; 6]) -> Option<f64> {
    if eq1 > 2 || eq2 > 1 || eq3 > 2 || eq4 > 2 || eq5 > 2 || eq6 > 1 {
        return None;
    }
    let row = ((eq1 * 2 + eq2) * 3 + eq3) * 3 + eq4;
    match SCORES[row][eq5 * 2 + eq6] {
        0 => None,
        tenths => Some(f64::from(tenths)),
    }
}

/// The macrovector scores of the specification in tenths: rows EQ1, EQ2, EQ3, EQ4, columns EQ5, EQ6, the last one
/// fastest; 0 where no vector belongs to the macrovector.
#[rustfmt::skip]
const SCORES: [[u8; 6]; 54] = [
    [100, 99, 98, 95, 95, 92],
    [100, 96, 93, 87, 91, 81],
    [93, 90, 89, 80, 81, 68],
    [98, 95, 95, 92, 90, 84],
    [93, 92, 89, 81, 81, 65],
    [88, 80, 78, 70, 69, 48],
    [0, 92, 0, 82, 0, 72],
    [0, 79, 0, 69, 0, 50],
    [0, 69, 0, 55, 0, 27],
    [99, 97, 95, 92, 92, 85],
    [95, 91, 90, 83, 84, 71],
    [92, 81, 82, 71, 72, 53],
    [95, 93, 92, 85, 85, 73],
    [92, 82, 80, 72, 70, 59],
    [84, 70, 71, 52, 50, 30],
    [0, 86, 0, 75, 0, 52],
    [0, 71, 0, 52, 0, 29],
    [0, 63, 0, 29, 0, 17],
    [98, 95, 94, 87, 91, 81],
    [94, 89, 86, 74, 77, 64],
    [87, 75, 74, 63, 63, 49],
    [94, 89, 88, 77, 76, 67],
    [86, 76, 74, 58, 59, 50],
    [72, 57, 57, 52, 52, 25],
    [0, 83, 0, 70, 0, 54],
    [0, 65, 0, 58, 0, 26],
    [0, 53, 0, 21, 0, 13],
    [95, 90, 88, 76, 76, 70],
    [90, 77, 75, 62, 61, 53],
    [77, 66, 68, 59, 52, 30],
    [89, 78, 76, 67, 62, 58],
    [74, 59, 57, 57, 47, 23],
    [61, 52, 57, 29, 24, 16],
    [0, 71, 0, 59, 0, 30],
    [0, 58, 0, 26, 0, 15],
    [0, 23, 0, 13, 0, 6],
    [93, 87, 86, 72, 75, 58],
    [86, 74, 74, 61, 56, 34],
    [70, 54, 52, 40, 40, 22],
    [85, 75, 74, 55, 62, 51],
    [72, 57, 55, 41, 46, 19],
    [53, 36, 34, 19, 19, 8],
    [0, 64, 0, 51, 0, 20],
    [0, 47, 0, 21, 0, 11],
    [0, 24, 0, 9, 0, 4],
    [88, 75, 73, 53, 60, 50],
    [73, 55, 59, 40, 41, 20],
    [54, 43, 45, 22, 20, 11],
    [75, 55, 58, 45, 40, 21],
    [61, 51, 48, 18, 20, 9],
    [46, 18, 17, 7, 8, 2],
    [0, 53, 0, 24, 0, 14],
    [0, 24, 0, 12, 0, 5],
    [0, 10, 0, 3, 0, 1],
];

#[cfg(test)]
mod tests {
    use super::super::score;
    use crate::model::Severity;

    #[test]
    fn scores_are_those_of_the_calculator() {
        for (metrics, want) in [
            (
                "AV:L/AC:L/AT:P/PR:H/UI:N/VC:H/VI:N/VA:H/SC:L/SI:N/SA:H/CR:H/AR:H/MSI:S",
                85,
            ),
            (
                "AV:N/AC:H/AT:N/PR:N/UI:N/VC:N/VI:H/VA:L/SC:L/SI:H/SA:N/E:P/AR:L/MVC:H",
                88,
            ),
            (
                "AV:A/AC:H/AT:P/PR:L/UI:P/VC:N/VI:L/VA:L/SC:L/SI:H/SA:H/CR:L/MVC:N",
                23,
            ),
            (
                "AV:P/AC:L/AT:P/PR:N/UI:P/VC:L/VI:H/VA:N/SC:H/SI:N/SA:N/MSA:S",
                71,
            ),
            (
                "AV:P/AC:L/AT:N/PR:H/UI:A/VC:L/VI:N/VA:N/SC:N/SI:L/SA:L/MVC:L",
                24,
            ),
            (
                "AV:A/AC:L/AT:P/PR:L/UI:P/VC:H/VI:H/VA:L/SC:L/SI:N/SA:L/AR:M/MVC:H",
                53,
            ),
            (
                "AV:A/AC:L/AT:N/PR:H/UI:N/VC:H/VI:L/VA:N/SC:H/SI:L/SA:L/E:P/MAV:N",
                71,
            ),
            (
                "AV:P/AC:H/AT:P/PR:L/UI:N/VC:L/VI:N/VA:L/SC:H/SI:H/SA:H/IR:L/AR:H",
                24,
            ),
            (
                "AV:N/AC:L/AT:P/PR:N/UI:A/VC:L/VI:L/VA:N/SC:L/SI:L/SA:H/E:P/MAV:N",
                23,
            ),
            (
                "AV:A/AC:L/AT:N/PR:H/UI:P/VC:H/VI:N/VA:N/SC:H/SI:N/SA:L/AR:M/MSA:L",
                67,
            ),
            (
                "AV:A/AC:L/AT:P/PR:H/UI:N/VC:H/VI:N/VA:L/SC:L/SI:N/SA:H/AR:L",
                69,
            ),
            (
                "AV:L/AC:L/AT:N/PR:N/UI:N/VC:L/VI:H/VA:L/SC:H/SI:L/SA:N/IR:L/MSA:N",
                72,
            ),
            (
                "AV:A/AC:H/AT:N/PR:L/UI:A/VC:L/VI:H/VA:N/SC:L/SI:L/SA:L/CR:H/IR:H/AR:L/MSA:N",
                39,
            ),
            (
                "AV:L/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:H/AR:M/MAV:A",
                72,
            ),
            (
                "AV:A/AC:L/AT:P/PR:L/UI:A/VC:N/VI:N/VA:L/SC:N/SI:H/SA:N/E:U/CR:M/MSI:H",
                2,
            ),
            ("AV:N/AC:H/AT:P/PR:N/UI:A/VC:H/VI:H/VA:H/SC:L/SI:H/SA:H", 88),
            (
                "AV:L/AC:H/AT:P/PR:H/UI:N/VC:N/VI:N/VA:L/SC:N/SI:H/SA:L/E:A/MSI:L",
                18,
            ),
            (
                "AV:A/AC:H/AT:N/PR:L/UI:N/VC:L/VI:H/VA:N/SC:H/SI:L/SA:L/E:U/IR:M/MVC:L",
                21,
            ),
        ] {
            let vector = format!("CVSS:4.0/{metrics}");
            assert_eq!(
                score(&vector).map(|score| score.tenths),
                Some(want),
                "{vector}"
            );
        }
    }

    #[test]
    fn the_worst_is_critical_and_no_impact_is_none() {
        let base = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N";
        let worst = score(&format!("{base}/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H")).unwrap();
        assert_eq!((worst.tenths, worst.severity()), (100, Severity::Critical));
        let none = score(&format!("{base}/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N")).unwrap();
        assert_eq!((none.tenths, none.severity()), (0, Severity::Info));
    }
}
