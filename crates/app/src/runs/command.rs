//! The command that begins on the command line what was begun here.

use std::fmt::Write as _;

use slipway_agent::spec::RunSpec;
use slipway_contract::event::EventKind;
use slipway_contract::message::Content;
use slipway_contract::{AgentName, Problem, RunId, visible};

use crate::App;

/// The command that says this to an agent.
#[must_use]
pub fn ask_command(agent: &AgentName, input: &str) -> String {
    let mut words = Words::new();
    words.plain("run").quoted(agent.as_str());
    if !input.is_empty() {
        words.said("--input", input);
    }
    words.0
}

impl App {
    /// The command that begins this run once more: with its agent's folder or name, its words and
    /// its model.
    ///
    /// # Errors
    /// There is no such run, or its journal cannot be read.
    pub async fn run_command(&self, run: RunId) -> Result<String, Problem> {
        let spec = self.spec_of(run).await?;
        let (_, events) = self.recorded(run).await?;
        let begun = events
            .into_iter()
            .rev()
            .map(|event| event.kind)
            .find(|kind| {
                matches!(
                    kind,
                    EventKind::RunStarted { .. }
                        | EventKind::RunContinued { .. }
                        | EventKind::RunForked { .. }
                )
            });
        let mut words = Words::new();
        let usual = match begun {
            Some(EventKind::RunContinued { parent, input, .. }) => {
                words.plain("runs continue").plain(&parent.short());
                words.said("--input", &input);
                self.spec_of(parent).await.ok().map(|parent| parent.model)
            }
            Some(EventKind::RunForked {
                parent,
                from,
                answer,
                results,
                edited,
                ..
            }) => {
                words.plain("runs retry").plain(&parent.short());
                words.plain(&format!("--step {from}"));
                if let Some(answer) = answer {
                    words.said("--answer", &as_said(&answer));
                } else if let Some(kept) = results.iter().find(|kept| edited && kept.step == from) {
                    let result = kept.result.as_str().map(str::to_owned);
                    words.said(
                        "--result",
                        &result.unwrap_or_else(|| kept.result.to_string()),
                    );
                }
                self.spec_of(parent).await.ok().map(|parent| parent.model)
            }
            _ => {
                words
                    .plain("run")
                    .quoted(spec.folder.as_deref().unwrap_or(spec.agent.as_str()));
                words.said("--input", &spec.input);
                let package = self.version(spec.version).await.ok();
                package.map(|package| package.manifest().model.model.clone())
            }
        };
        words.rest(&spec, usual.as_ref() == Some(&spec.model));
        Ok(words.0)
    }
}

/// The words of a command line so far.
struct Words(String);

impl Words {
    fn new() -> Self {
        Self("slipway".to_owned())
    }

    fn plain(&mut self, words: &str) -> &mut Self {
        self.0.push(' ');
        self.0.push_str(words);
        self
    }

    fn quoted(&mut self, word: &str) -> &mut Self {
        let simple = |c: char| c.is_ascii_alphanumeric() || "-_./:=".contains(c);
        if !word.is_empty() && !word.starts_with('-') && word.chars().all(simple) {
            self.plain(word)
        } else if cfg!(windows) {
            self.plain(&for_powershell(word))
        } else {
            self.plain(&for_sh(word))
        }
    }

    /// A text that the command line would take as a file's name with one `@`, or read from stdin.
    fn said(&mut self, flag: &str, text: &str) -> &mut Self {
        match text {
            // Alone it means stdin.
            "-" => self.plain(flag).quoted("- "),
            _ if text.starts_with('@') => self.plain(flag).quoted(&format!("@{text}")),
            _ => self.plain(flag).quoted(text),
        }
    }

    fn rest(&mut self, spec: &RunSpec, is_usual_model: bool) {
        if !is_usual_model {
            self.plain("--model").quoted(&spec.model.to_string());
        }
        for attachment in &spec.attachments {
            self.plain("--attach").quoted(&attachment.name);
        }
        if !spec.network {
            self.plain("--no-network");
        }
    }
}

/// The parts of an answer as `--answer` reads them.
fn as_said(answer: &[Content]) -> String {
    match answer {
        [Content::Text { text }] => text.clone(),
        parts => serde_json::to_string(parts).unwrap_or_default(),
    }
}

/// Whether a terminal would obey it, or nobody would see it.
fn is_obeyed(c: char) -> bool {
    (c.is_control() && c != '\n') || (visible::deceives(c) && !c.is_whitespace())
}

fn for_sh(text: &str) -> String {
    if !text.contains(is_obeyed) {
        return format!("'{}'", text.replace('\'', "'\\''"));
    }
    let mut format = String::new();
    for c in text.chars() {
        match c {
            '%' => format.push_str("%%"),
            '\\' => format.push_str("\\\\"),
            '\'' => format.push_str("'\\''"),
            c if is_obeyed(c) => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    let _ = write!(format, "\\{byte:03o}");
                }
            }
            c => format.push(c),
        }
    }
    format!("\"$(printf -- '{format}')\"")
}

fn for_powershell(text: &str) -> String {
    let mut word = String::from("'");
    let mut is_joined = false;
    for c in text.chars() {
        match c {
            '\'' => word.push_str("''"),
            c if is_obeyed(c) => {
                is_joined = true;
                let _ = write!(
                    word,
                    "' + [char]::ConvertFromUtf32(0x{:X}) + '",
                    u32::from(c)
                );
            }
            c => word.push(c),
        }
    }
    word.push('\'');
    if is_joined { format!("({word})") } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pasted_says_the_same_and_obeys_nothing() {
        for (text, sh, powershell) in [
            ("a b", "'a b'", "'a b'"),
            ("it's $(id)", r"'it'\''s $(id)'", "'it''s $(id)'"),
            ("two\nlines", "'two\nlines'", "'two\nlines'"),
            (
                "100%\u{1b}[2J",
                r#""$(printf -- '100%%\033[2J')""#,
                "('100%' + [char]::ConvertFromUtf32(0x1B) + '[2J')",
            ),
            (
                "\u{202e}x",
                r#""$(printf -- '\342\200\256x')""#,
                "('' + [char]::ConvertFromUtf32(0x202E) + 'x')",
            ),
        ] {
            assert_eq!(for_sh(text), sh);
            assert_eq!(for_powershell(text), powershell);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_shell_gives_back_what_was_said() {
        for text in [
            "it's $HOME `id` \\ %s",
            "a\u{1b}[31m%d'\u{202e}b\\n",
            "-n x",
            "größer\n領収書",
        ] {
            let script = format!("printf %s {}", for_sh(text));
            let shell = std::process::Command::new("sh")
                .args(["-c", &script])
                .output();
            assert_eq!(String::from_utf8(shell.unwrap().stdout).unwrap(), text);
        }
    }

    #[test]
    fn a_text_is_never_taken_for_a_file() {
        let said = |text: &str| {
            let mut words = Words::new();
            words.said("--input", text);
            words.0
        };
        assert_eq!(said("@home"), "slipway --input '@@home'");
        assert_eq!(said("October"), "slipway --input October");
        assert_eq!(said("--model x"), "slipway --input '--model x'");
    }
}
