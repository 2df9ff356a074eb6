//! The sum of the summaries that cargo test prints, one for each test binary.

use std::fmt;

/// What all test binaries reported together, printed in the form that each of them uses.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sum {
    passed: u64,
    failed: u64,
    ignored: u64,
    filtered_out: u64,
    has_failure: bool,
}

impl Sum {
    /// Counts a line of the form `test result: ok. 3 passed; 0 failed; …`; leaves any other alone.
    pub(super) fn add(&mut self, line: &str) {
        let Some(rest) = line.trim().strip_prefix("test result: ") else {
            return;
        };
        let Some((verdict, counts)) = rest.split_once(". ") else {
            return;
        };
        self.has_failure |= verdict != "ok";
        for count in counts.split(';') {
            let Some((number, what)) = count.trim().split_once(' ') else {
                continue;
            };
            let Ok(number) = number.parse::<u64>() else {
                continue;
            };
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                "filtered out" => self.filtered_out += number,
                _ => {}
            }
        }
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.has_failure { "FAILED" } else { "ok" };
        write!(
            formatter,
            "test result: {verdict}. {} passed; {} failed; {} ignored; {} filtered out",
            self.passed, self.failed, self.ignored, self.filtered_out
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds_up_and_keeps_the_worst_verdict() {
        let mut sum = Sum::default();
        for line in [
            "running 4 tests",
            "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test a ... ok",
            "test result: FAILED. 10 passed; 2 failed; 0 ignored; 0 measured; 5 filtered out; finished in 1.20s",
            "test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
        ] {
            sum.add(line);
        }
        assert_eq!(
            sum.to_string(),
            "test result: FAILED. 14 passed; 2 failed; 1 ignored; 5 filtered out"
        );
    }
}
