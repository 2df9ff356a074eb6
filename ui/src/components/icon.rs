//! Icons, drawn from the sprite in the page.

use yew::prelude::*;

macro_rules! icons {
    ($($(#[$doc:meta])* $name:ident => $id:literal,)*) => {
        /// An icon.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Icon { $($(#[$doc])* $name,)* }

        impl Icon {
            /// Its symbol's address in the page.
            const fn href(self) -> &'static str {
                match self { $(Self::$name => concat!("#i-", $id),)* }
            }
        }

        #[cfg(test)]
        const ALL: &[Icon] = &[$(Icon::$name,)*];
    };
}

icons! {
    /// A hull: an agent.
    Agent => "agent",
    /// Something is wrong.
    Alert => "alert",
    /// Send.
    ArrowUp => "arrow-up",
    /// Figures.
    Calculator => "calculator",
    /// Done.
    Check => "check",
    /// Time.
    Clock => "clock",
    /// A model of a provider.
    Cloud => "cloud",
    /// Copy.
    Copy => "copy",
    /// Open, as a list does.
    Down => "down",
    /// Somewhere else.
    External => "external",
    /// A file.
    File => "file",
    /// Shortened.
    Filter => "filter",
    /// A folder.
    Folder => "folder",
    /// The network.
    Globe => "globe",
    /// What is worth knowing.
    Info => "info",
    /// A key.
    Key => "key",
    /// This machine.
    Laptop => "laptop",
    /// Bound.
    Lock => "lock",
    /// Something was said.
    Message => "message",
    /// A model.
    Model => "model",
    /// What else can be done.
    More => "more",
    /// Change.
    Pen => "pen",
    /// Run.
    Play => "play",
    /// Stopped and taken up.
    Power => "power",
    /// A recording.
    Recording => "recording",
    /// Again.
    Retry => "retry",
    /// Runs.
    Runs => "runs",
    /// Search.
    Search => "search",
    /// How Slipway is set up.
    Settings => "settings",
    /// What may be touched.
    Shield => "shield",
    /// A table.
    Table => "table",
    /// The command line.
    Terminal => "terminal",
    /// A tool.
    Tool => "tool",
    /// Take away.
    Trash => "trash",
    /// Choose.
    UpDown => "updown",
}

/// An icon beside words that say the same.
pub(crate) fn icon(icon: Icon) -> Html {
    html! { <svg class="icon" aria-hidden="true"><use href={icon.href()} /></svg> }
}

/// A smaller one, for small text.
pub(crate) fn small_icon(icon: Icon) -> Html {
    html! { <svg class="icon icon--small" aria-hidden="true"><use href={icon.href()} /></svg> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_is_in_the_page() {
        let page = include_str!("../../index.html");
        for icon in ALL {
            let symbol = format!("id=\"{}\"", icon.href().trim_start_matches('#'));
            assert!(
                page.contains(&symbol),
                "{icon:?} has no symbol in ui/index.html"
            );
        }
    }
}
