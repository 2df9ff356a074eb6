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

        impl Icon {
            /// All of them.
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name in the page.
            pub(crate) const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }
        }
    };
}

icons! {
    /// A hull: an agent.
    Agent => "agent",
    /// Something is wrong.
    Alert => "alert",
    /// From one to another.
    Arrow => "arrow",
    /// Send.
    ArrowUp => "arrow-up",
    /// What the system says.
    Bell => "bell",
    /// To read.
    Book => "book",
    /// Figures.
    Calculator => "calculator",
    /// Days.
    Calendar => "calendar",
    /// Done.
    Check => "check",
    /// Time.
    Clock => "clock",
    /// A model of a provider.
    Cloud => "cloud",
    /// Colours.
    Contrast => "contrast",
    /// Copy.
    Copy => "copy",
    /// What is kept.
    Database => "database",
    /// What changed.
    Diff => "diff",
    /// Open, as a list does.
    Down => "down",
    /// The key that opens.
    Enter => "enter",
    /// Take out.
    Export => "export",
    /// Somewhere else.
    External => "external",
    /// Show.
    Eye => "eye",
    /// A file.
    File => "file",
    /// Shortened.
    Filter => "filter",
    /// A folder.
    Folder => "folder",
    /// Limits.
    Gauge => "gauge",
    /// The network.
    Globe => "globe",
    /// A channel.
    Hash => "hash",
    /// Home.
    Home => "home",
    /// Bring in.
    Import => "import",
    /// What is worth knowing.
    Info => "info",
    /// A key.
    Key => "key",
    /// Shortcuts.
    Keyboard => "keyboard",
    /// This machine.
    Laptop => "laptop",
    /// Bound.
    Lock => "lock",
    /// Something was said.
    Message => "message",
    /// A model.
    Model => "model",
    /// Dark.
    Moon => "moon",
    /// What else can be done.
    More => "more",
    /// Change.
    Pen => "pen",
    /// Run.
    Play => "play",
    /// New.
    Plus => "plus",
    /// Stopped and taken up.
    Power => "power",
    /// A recording.
    Recording => "recording",
    /// Back to what was.
    Restore => "restore",
    /// Again.
    Retry => "retry",
    /// Further.
    Right => "right",
    /// Runs.
    Runs => "runs",
    /// Search.
    Search => "search",
    /// How Slipway is set up.
    Settings => "settings",
    /// What may be touched.
    Shield => "shield",
    /// The sidebar.
    Sidebar => "sidebar",
    /// Stop.
    Stop => "stop",
    /// Light.
    Sun => "sun",
    /// A table.
    Table => "table",
    /// The command line.
    Terminal => "terminal",
    /// A try.
    Test => "test",
    /// A tool.
    Tool => "tool",
    /// Take away.
    Trash => "trash",
    /// Choose.
    UpDown => "updown",
    /// A person.
    User => "user",
    /// A version.
    Version => "version",
    /// Close.
    X => "x",
    /// At once.
    Zap => "zap",
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
        for icon in Icon::ALL {
            let symbol = format!("id=\"{}\"", icon.href().trim_start_matches('#'));
            assert!(
                page.contains(&symbol),
                "{icon:?} has no symbol in ui/index.html"
            );
        }
    }
}
