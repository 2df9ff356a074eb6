//! The shortcuts of the window: the one table from which its handler, its palette, its settings and the system's own
//! menus read.

/// A key with what is held down beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chord {
    /// The modifier of the system is held down: Ctrl, on a Mac Cmd.
    pub primary: bool,
    /// Shift is held down.
    pub shift: bool,
    /// The key, as the browser names it; letters are small.
    pub key: &'static str,
}

impl Chord {
    const fn alone(key: &'static str) -> Self {
        Self {
            primary: false,
            shift: false,
            key,
        }
    }

    const fn primary(key: &'static str) -> Self {
        Self {
            primary: true,
            shift: false,
            key,
        }
    }

    const fn shifted(self) -> Self {
        Self {
            shift: true,
            ..self
        }
    }
}

/// Where a shortcut counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// On every page.
    Everywhere,
    /// Wherever something can be written or answered.
    Page,
    /// In lists, menus and tables.
    Lists,
    /// Where text is edited.
    Text,
}

impl Scope {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::Everywhere, Self::Page, Self::Lists, Self::Text];
}

macro_rules! shortcuts {
    ($($(#[$doc:meta])* $name:ident => $id:literal, $scope:ident, $chord:expr;)*) => {
        /// Something that a key does.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Shortcut { $($(#[$doc])* $name,)* }

        impl Shortcut {
            /// All of them, in the order in which they are shown.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// Its name where host and window speak of it.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// Where it counts.
            #[must_use]
            pub const fn scope(self) -> Scope {
                match self { $(Self::$name => Scope::$scope,)* }
            }

            /// The keys.
            #[must_use]
            pub const fn chord(self) -> Chord {
                match self { $(Self::$name => $chord,)* }
            }
        }
    };
}

shortcuts! {
    /// Find or run anything.
    Palette => "palette", Everywhere, Chord::primary("k");
    /// A new agent.
    NewAgent => "new-agent", Everywhere, Chord::primary("n");
    /// The page Home.
    Home => "home", Everywhere, Chord::primary("1");
    /// The page Agents.
    Agents => "agents", Everywhere, Chord::primary("2");
    /// The page Runs.
    Runs => "runs", Everywhere, Chord::primary("3");
    /// The settings.
    Settings => "settings", Everywhere, Chord::primary(",");
    /// The shortcuts.
    Shortcuts => "shortcuts", Everywhere, Chord::primary("/");
    /// The page before.
    Back => "back", Everywhere, Chord::primary("[");
    /// The page after.
    Forward => "forward", Everywhere, Chord::primary("]");
    /// The next part of the page.
    NextPane => "next-pane", Everywhere, Chord::alone("F6");
    /// The part before.
    PreviousPane => "previous-pane", Everywhere, Chord::alone("F6").shifted();
    /// The window's menus, where the system shows none of its own.
    Menu => "menu", Everywhere, Chord::alone("F10");
    /// The main thing of what is open: run, send, save.
    Main => "main", Page, Chord::primary("Enter");
    /// Run the agent that is open.
    RunAgent => "run-agent", Page, Chord::primary("r");
    /// The tests of the agent that is open.
    Tests => "tests", Page, Chord::primary("t");
    /// Find on this page.
    Find => "find", Page, Chord::primary("f");
    /// Close what is open.
    Close => "close", Page, Chord::alone("Escape");
    /// The next row.
    NextRow => "next-row", Lists, Chord::alone("ArrowDown");
    /// The row before.
    PreviousRow => "previous-row", Lists, Chord::alone("ArrowUp");
    /// The first row.
    FirstRow => "first-row", Lists, Chord::alone("Home");
    /// The last row.
    LastRow => "last-row", Lists, Chord::alone("End");
    /// Open the row.
    OpenRow => "open-row", Lists, Chord::alone("Enter");
    /// Undo.
    Undo => "undo", Text, Chord::primary("z");
    /// Redo.
    Redo => "redo", Text, Chord::primary("z").shifted();
}

impl Shortcut {
    /// The shortcut of this name.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|shortcut| shortcut.id() == id)
    }

    /// Other keys for the same, where the system has them: not on a Mac.
    #[must_use]
    pub const fn also(self) -> Option<Chord> {
        match self {
            Self::Redo => Some(Chord::primary("y")),
            _ => None,
        }
    }

    /// The keys as the system's menus take them, such as `CmdOrCtrl+Shift+Z`.
    #[must_use]
    pub fn accelerator(self) -> String {
        let chord = self.chord();
        let mut text = String::new();
        if chord.primary {
            text.push_str("CmdOrCtrl+");
        }
        if chord.shift {
            text.push_str("Shift+");
        }
        match chord.key {
            "ArrowDown" => text.push_str("Down"),
            "ArrowUp" => text.push_str("Up"),
            key if key.len() == 1 => text.push_str(&key.to_uppercase()),
            key => text.push_str(key),
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_shortcuts_of_one_place_have_the_same_keys() {
        for (at, one) in Shortcut::ALL.iter().enumerate() {
            for other in &Shortcut::ALL[at + 1..] {
                assert_ne!(one.id(), other.id());
                assert_ne!(one.chord(), other.chord(), "{one:?} and {other:?}");
                assert_ne!(one.also(), Some(other.chord()), "{one:?} and {other:?}");
                assert_ne!(other.also(), Some(one.chord()), "{one:?} and {other:?}");
            }
            assert_eq!(Shortcut::from_id(one.id()), Some(*one));
        }
    }

    #[test]
    fn keys_are_written_as_menus_take_them() {
        assert_eq!(Shortcut::Palette.accelerator(), "CmdOrCtrl+K");
        assert_eq!(Shortcut::Settings.accelerator(), "CmdOrCtrl+,");
        assert_eq!(Shortcut::Redo.accelerator(), "CmdOrCtrl+Shift+Z");
        assert_eq!(Shortcut::PreviousPane.accelerator(), "Shift+F6");
    }
}
