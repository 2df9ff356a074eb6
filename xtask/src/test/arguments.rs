//! What was written after `cargo xtask test`.

/// Arguments for the test runner and, after `--`, for the test binaries.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Arguments<'a> {
    /// Whether tests whose program is missing may be left out.
    pub(super) may_skip: bool,
    pub(super) runner: Vec<&'a str>,
    pub(super) binary: Vec<&'a str>,
}

impl<'a> Arguments<'a> {
    pub(super) fn parse(args: &'a [String]) -> Self {
        let mut parts = args.splitn(2, |arg| arg == "--");
        let runner = parts.next().unwrap_or_default();
        let binary = parts.next().unwrap_or_default();
        Self {
            may_skip: !runner.iter().any(|arg| arg == "--no-skip"),
            runner: runner
                .iter()
                .map(String::as_str)
                .filter(|arg| *arg != "--no-skip")
                .collect(),
            binary: binary.iter().map(String::as_str).collect(),
        }
    }

    /// Whether every test is wanted.
    pub(super) fn are_empty(&self) -> bool {
        self.runner.is_empty() && self.binary.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn splits_at_the_first_dashes_and_takes_out_its_own_flag() {
        let args = words("engine --no-skip -- --exact a -- b");
        let expected = Arguments {
            may_skip: false,
            runner: vec!["engine"],
            binary: vec!["--exact", "a", "--", "b"],
        };
        assert_eq!(Arguments::parse(&args), expected);
    }

    #[test]
    fn the_flag_alone_still_means_every_test() {
        let args = words("--no-skip");
        assert!(Arguments::parse(&args).are_empty());
        assert!(Arguments::parse(&[]).may_skip);
    }
}
