//! A question with yes and no.

use std::io;

use super::{Lines, StdinLines, read};
use crate::output::Screen;

/// Asks at the terminal. Nothing but a yes is one.
pub(crate) fn agreed(what: &str) -> io::Result<bool> {
    ask(&mut Screen::stdout(), what, &mut StdinLines)
}

/// Asks at the terminal for a name, which nobody types by mistake.
pub(crate) fn confirmed(what: &str, name: &str) -> io::Result<bool> {
    ask_for(&mut Screen::stdout(), what, name, &mut StdinLines)
}

fn ask_for(screen: &mut Screen, what: &str, name: &str, lines: &mut dyn Lines) -> io::Result<bool> {
    lines.forget();
    let typed = read(screen, what, lines)?;
    Ok(typed.is_some_and(|typed| typed.trim() == name))
}

fn ask(screen: &mut Screen, what: &str, lines: &mut dyn Lines) -> io::Result<bool> {
    lines.forget();
    let typed = read(screen, &format!("{what} [y]es, [N]o"), lines)?;
    let typed = typed.unwrap_or_default();
    Ok(matches!(typed.trim().to_lowercase().as_str(), "y" | "yes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Typed(Option<&'static str>);

    impl Lines for Typed {
        fn forget(&mut self) {}
        fn next(&mut self) -> Option<String> {
            self.0.take().map(str::to_owned)
        }
    }

    #[test]
    fn nothing_but_yes_is_yes() {
        for (typed, agreed) in [
            (Some("y\n"), true),
            (Some(" YES \n"), true),
            (Some("\n"), false),
            (Some("n\n"), false),
            (Some("yesterday\n"), false),
            (None, false),
        ] {
            let (mut screen, _) = Screen::in_memory(None);
            let said = ask(&mut screen, "Do it?", &mut Typed(typed)).unwrap();
            assert_eq!(said, agreed, "{typed:?}");
        }
    }

    #[test]
    fn nothing_but_the_name_is_the_name() {
        for (typed, is_it) in [
            (Some("Harbour works\n"), true),
            (Some("harbour works\n"), false),
            (Some("y\n"), false),
            (Some("\n"), false),
            (None, false),
        ] {
            let (mut screen, _) = Screen::in_memory(None);
            let said = ask_for(
                &mut screen,
                "Delete it?",
                "Harbour works",
                &mut Typed(typed),
            );
            assert_eq!(said.unwrap(), is_it, "{typed:?}");
        }
    }
}
