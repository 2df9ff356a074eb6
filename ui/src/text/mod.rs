//! Every text of the window, so that the same thing is called the same everywhere, and so that it can be translated.

mod account;
mod agent_list;
mod agent_tests;
mod agents;
mod build;
mod data;
mod developer;
mod doorstep;
mod frame;
mod home;
mod models;
mod new_tests;
mod organizations;
mod palette;
mod preferences;
mod privacy;
mod questions;
mod run;
mod runs;
mod settings;
mod shortcuts;
mod suites;
mod test_case;
mod trace;
mod versions;
mod welcome;

pub(crate) use account::*;
pub(crate) use agent_list::*;
pub(crate) use agent_tests::*;
pub(crate) use agents::*;
pub(crate) use build::*;
pub(crate) use data::*;
pub(crate) use developer::*;
pub(crate) use doorstep::*;
pub(crate) use frame::*;
pub(crate) use home::*;
pub(crate) use models::*;
pub(crate) use new_tests::*;
pub(crate) use organizations::*;
pub(crate) use palette::*;
pub(crate) use preferences::*;
pub(crate) use privacy::*;
pub(crate) use questions::*;
pub(crate) use run::*;
pub(crate) use runs::*;
pub(crate) use settings::*;
pub(crate) use shortcuts::*;
pub(crate) use suites::*;
pub(crate) use test_case::*;
pub(crate) use trace::*;
pub(crate) use versions::*;
pub(crate) use welcome::*;

/// With its first letter large.
pub(crate) fn upper_first(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// What the host says, as a sentence. A name or a path that it begins with stays as it is.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim();
    let first = text.split_whitespace().next().unwrap_or_default();
    let is_word = first.chars().all(char::is_alphabetic);
    let text = if is_word {
        upper_first(text)
    } else {
        text.to_owned()
    };
    if text.ends_with(['.', '!', '?']) {
        text
    } else {
        format!("{text}.")
    }
}

/// `1 row`, `43 rows`.
fn counted(number: u64, one: &str, many: &str) -> String {
    format!(
        "{} {}",
        crate::format::count(number),
        if number == 1 { one } else { many }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_host_says_becomes_a_sentence() {
        for (said, shown) in [
            ("set LAB_KEY to use it", "Set LAB_KEY to use it."),
            (
                "providers.toml is not valid",
                "providers.toml is not valid.",
            ),
            ("127.0.0.1:9 is silent!", "127.0.0.1:9 is silent!"),
            (" It works. ", "It works."),
        ] {
            assert_eq!(sentence(said), shown);
        }
    }
}
