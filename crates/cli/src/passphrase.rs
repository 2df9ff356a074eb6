//! Asking for what must not be seen.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::Arc;

use slipway_app::secrets::{AskPassphrase, Keys, PassphraseQuestion};
use slipway_contract::Secret;

use crate::output::print_note;

/// Lets the keys ask the person at this terminal, if there is one.
pub(crate) fn may_ask(keys: &Keys) {
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        keys.ask(Arc::new(AtTerminal));
    }
}

/// What the person types, which is not shown; none when they give up.
pub(crate) fn prompt(question: &str) -> io::Result<Option<Secret>> {
    let hidden = hidden::Typing::begin()?;
    let mut stderr = io::stderr();
    stderr.write_all(question.as_bytes())?;
    stderr.flush()?;
    let typed = rpassword::read_password_with_config(hidden.config());
    drop(hidden);
    stderr.write_all(b"\n")?;
    match typed {
        Ok(typed) => Ok(Some(Secret::new(typed))),
        Err(error) if gives_up(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Ctrl-C and Ctrl-D.
fn gives_up(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::Interrupted | io::ErrorKind::UnexpectedEof
    )
}

#[cfg(unix)]
mod hidden {
    use std::io::{self, Read};

    use rpassword::{Config, ConfigBuilder};
    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

    /// The terminal shows nothing of what is typed, from before the question on: somebody may
    /// type as soon as they see it.
    pub(super) struct Typing {
        before: Termios,
    }

    impl Typing {
        pub(super) fn begin() -> io::Result<Self> {
            let before = tcgetattr(io::stdin())?;
            let mut hidden = before.clone();
            // Ctrl-C is read as a character, or it would end the process with the echo off.
            hidden.local_modes.remove(
                LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON | LocalModes::ISIG,
            );
            tcsetattr(io::stdin(), OptionalActions::Now, &hidden)?;
            Ok(Self { before })
        }

        pub(super) fn config(&self) -> Config {
            ConfigBuilder::new()
                .input_reader(Keyboard)
                .output_discard()
                .build()
        }
    }

    impl Drop for Typing {
        fn drop(&mut self) {
            if let Err(error) = tcsetattr(io::stdin(), OptionalActions::Now, &self.before) {
                tracing::warn!(%error, "the terminal does not show what is typed any more");
            }
        }
    }

    struct Keyboard;

    impl Read for Keyboard {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            const CTRL_C: u8 = 3;
            let read = io::stdin().read(bytes)?;
            if bytes[..read].contains(&CTRL_C) {
                return Err(io::ErrorKind::Interrupted.into());
            }
            Ok(read)
        }
    }
}

#[cfg(not(unix))]
mod hidden {
    use std::io;

    use rpassword::{Config, ConfigBuilder};

    /// The console is told to show nothing by what reads from it.
    pub(super) struct Typing;

    impl Typing {
        pub(super) fn begin() -> io::Result<Self> {
            Ok(Self)
        }

        pub(super) fn config(&self) -> Config {
            ConfigBuilder::new().output_discard().build()
        }
    }
}

struct AtTerminal;

impl AskPassphrase for AtTerminal {
    fn ask(&self, question: PassphraseQuestion) -> Option<Secret> {
        let words = match question {
            PassphraseQuestion::Open { again } => {
                if again {
                    print_note("that is not the passphrase");
                }
                "Passphrase of the sealed file: "
            }
            PassphraseQuestion::Choose => {
                print_note(
                    "the sealed file is new. Nobody can open it without its passphrase, so keep that",
                );
                "Choose a passphrase for it: "
            }
            PassphraseQuestion::Repeat => "The same passphrase again: ",
        };
        prompt(words)
            .inspect_err(|error| tracing::warn!(%error, "the terminal cannot be read"))
            .ok()
            .flatten()
    }
}
