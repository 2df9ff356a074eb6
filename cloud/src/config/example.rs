//! The settings as a file to begin with.

use std::fmt::Write as _;

use super::listed::SETTINGS;

/// `.env.example`: every setting, with what it is for.
#[must_use]
pub fn example() -> String {
    let mut text = String::from(
        "# Every setting of slipway-cloud. It starts without any of them.\n\
         # They come from the environment, else from the file that SLIPWAY_CLOUD_CONFIG names, in this form.\n\
         # A secret may also come from a file (NAME_FILE=/run/secrets/name) or from Vault.\n",
    );
    for setting in SETTINGS {
        let required = if setting.required {
            " Required in production."
        } else {
            ""
        };
        let _ = write!(
            text,
            "\n# {}{required}\n# Takes {}.\n#{}={}\n",
            setting.what, setting.takes, setting.name, setting.usual
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/.env.example");
        let there = std::fs::read_to_string(path).unwrap_or_default();
        assert_eq!(
            there.replace("\r\n", "\n"),
            example(),
            "write it anew: cargo run -p slipway-cloud -- settings > cloud/.env.example"
        );
    }

    #[test]
    fn no_name_comes_twice() {
        let mut names: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
