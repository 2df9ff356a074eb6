//! Asking for what must not be seen.

use std::io::{self, IsTerminal as _};
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

/// What the person types, which is not shown.
pub(crate) fn prompt(question: &str) -> io::Result<Secret> {
    let config = rpassword::ConfigBuilder::new();
    // Standard input is the terminal, which is not always the one that the process belongs to.
    #[cfg(unix)]
    let config = config
        .input_file_path("/dev/stdin")
        .output_writer(io::stderr());
    rpassword::prompt_password_with_config(question, config.build()).map(Secret::new)
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
                    "there is no usable keychain here, so keys go to a sealed file; nobody can open it without its passphrase",
                );
                "Choose a passphrase for it: "
            }
            PassphraseQuestion::Repeat => "The same passphrase again: ",
        };
        prompt(words)
            .inspect_err(|error| tracing::debug!(%error, "no passphrase was typed"))
            .ok()
    }
}
