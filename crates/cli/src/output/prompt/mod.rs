//! Asking the person at the terminal.

mod agree;
mod always;
mod keyboard;
pub(crate) mod question;

use std::io;
use std::path::Path;

use slipway_app::Said;
use slipway_contract::approval::{Answer, Approval, Question};
use slipway_contract::rule::ArgumentPattern;

pub(crate) use agree::{agreed, confirmed};
pub(crate) use always::choose_pattern;
pub(super) use keyboard::Keyboard;
pub(crate) use keyboard::StdinLines;
use question::Extent;

use super::style::{FAINT, NAME, styled};
use super::{Screen, sanitize};

/// What the person types.
pub(crate) trait Lines {
    /// Drops what was typed already: it is no answer to a question that nobody had seen.
    fn forget(&mut self);
    /// The next line; none at the end of input, or when no answer is needed any more.
    fn next(&mut self) -> Option<String>;
}

/// A question, and the patterns with which it may be answered for good.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) approval: &'a Approval,
    pub(super) patterns: &'a [ArgumentPattern],
    pub(super) workdir: &'a Path,
}

/// Asks until there is an answer. None leaves the question open: the run parks.
pub(super) fn ask(
    screen: &mut Screen,
    asked: Asked<'_>,
    lines: &mut dyn Lines,
) -> io::Result<Option<Said>> {
    screen.hold()?;
    lines.forget();
    let answer = answer(screen, asked, lines);
    screen.start_line()?;
    screen.flush()?;
    screen.go_on();
    answer
}

fn answer(
    screen: &mut Screen,
    asked: Asked<'_>,
    lines: &mut dyn Lines,
) -> io::Result<Option<Said>> {
    let Asked {
        approval,
        patterns,
        workdir,
    } = asked;
    let once = |answer| Ok(Some(Said::once(answer)));
    let mut is_cut = question::is_cut(&approval.question);
    question::print(screen, approval, workdir, Extent::AtPrompt)?;
    loop {
        let choices = choices(&approval.question, !patterns.is_empty());
        let Some(typed) = read(screen, choices, lines)? else {
            return Ok(None);
        };
        let (word, rest) = typed
            .trim()
            .split_once(char::is_whitespace)
            .unwrap_or((typed.trim(), ""));
        match (&approval.question, word.to_lowercase().as_str()) {
            (_, "d" | "details") => {
                question::print(screen, approval, workdir, Extent::Details)?;
                is_cut = false;
            }
            // A bare Enter is no answer: what it would mean to the person is anybody's guess.
            (_, "" | "l" | "later") => return Ok(None),
            (Question::Outcome { .. }, "h" | "happened") => {
                let result = result(screen, lines)?;
                return Ok(result.map(|result| Said::once(Answer::Happened { result })));
            }
            (Question::Outcome { .. }, "n" | "not") => return once(Answer::NotHappened),
            (Question::Outcome { .. }, "s" | "stop") => return once(Answer::Stop),
            (Question::Call { .. }, "y" | "yes" | "a" | "always") if is_cut => {
                // Nobody says yes to what they have not seen.
                screen.line("  Not all of it was shown. This is the whole:")?;
                question::print(screen, approval, workdir, Extent::Details)?;
                is_cut = false;
            }
            (Question::Call { tool, .. }, "a" | "always") if !patterns.is_empty() => {
                if let Some(pattern) = choose_pattern(screen, tool, patterns, lines)? {
                    return Ok(Some(Said {
                        answer: Answer::Approve,
                        always: Some(pattern),
                    }));
                }
            }
            (
                Question::Grant { .. } | Question::Call { .. } | Question::Price { .. },
                "y" | "yes",
            ) => {
                return once(Answer::Approve);
            }
            (
                Question::Grant { .. } | Question::Call { .. } | Question::Price { .. },
                "n" | "no",
            ) => {
                let reason = rest.trim().to_owned();
                return once(Answer::Deny { reason });
            }
            (_, other) => {
                screen.line(&format!("  {} is none of these.", sanitize::line(other)))?;
            }
        }
    }
}

const fn choices(question: &Question, may_be_always: bool) -> &'static str {
    match question {
        Question::Grant { .. } => "Grant this? [y]es, [n]o, [d]etails, [L]ater",
        Question::Call { .. } if may_be_always => {
            "Allow this call? [y]es, [a]lways, [n]o, [d]etails, [L]ater"
        }
        Question::Call { .. } => "Allow this call? [y]es, [n]o, [d]etails, [L]ater",
        Question::Price { .. } => {
            "Go on without a limit of money? [y]es, [n]o (end the run), [d]etails, [L]ater"
        }
        Question::Outcome { .. } => {
            "It [h]appened, it did [n]ot (do it now), [s]top the run, [d]etails, [L]ater"
        }
    }
}

fn result(screen: &mut Screen, lines: &mut dyn Lines) -> io::Result<Option<String>> {
    let what = "What did it return? The model reads this";
    Ok(read(screen, what, lines)?
        .map(|line| line.trim().to_owned())
        .map(|line| {
            if line.is_empty() {
                "It happened; what it returned is unknown.".to_owned()
            } else {
                line
            }
        }))
}

fn read(screen: &mut Screen, what: &str, lines: &mut dyn Lines) -> io::Result<Option<String>> {
    screen.start_line()?;
    screen.text(&format!("  {} {} ", styled(NAME, what), styled(FAINT, ">")))?;
    screen.flush()?;
    let line = lines.next();
    if line.is_some() {
        screen.line_was_typed();
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use slipway_contract::permission::Permission;
    use slipway_contract::tool::Effect;
    use slipway_contract::{CallId, ContentHash, StepId};

    use super::*;

    struct Script(Vec<&'static str>);

    impl Lines for Script {
        fn forget(&mut self) {}
        fn next(&mut self) -> Option<String> {
            (!self.0.is_empty()).then(|| format!("{}\n", self.0.remove(0)))
        }
    }

    fn answered(question: Question, typed: &[&'static str]) -> (Option<Answer>, String) {
        let (said, shown) = said(question, typed);
        (said.map(|said| said.answer), shown)
    }

    fn said(question: Question, typed: &[&'static str]) -> (Option<Said>, String) {
        let approval = Approval {
            step: StepId(5),
            question,
            binding: ContentHash::from_bytes([0xab; 32]),
            expires_at: None,
        };
        let (mut screen, written) = Screen::in_memory(Some(100));
        let asked = Asked {
            approval: &approval,
            patterns: &slipway_app::choices(&approval),
            workdir: Path::new("/work"),
        };
        let answer = ask(&mut screen, asked, &mut Script(typed.to_vec())).unwrap();
        (answer, written.text())
    }

    fn call() -> Question {
        Question::Call {
            call_id: CallId("c1".into()),
            tool: "write_file".into(),
            server: "built-in".into(),
            arguments: json!({"path": "out/a.md", "content": "one\u{1b}[2J\ntwo"}),
            effect: Effect::Idempotent,
        }
    }

    #[test]
    fn nothing_but_yes_is_yes() {
        assert_eq!(answered(call(), &["y"]).0, Some(Answer::Approve));
        assert_eq!(answered(call(), &["YES"]).0, Some(Answer::Approve));
        assert_eq!(
            answered(call(), &["n"]).0,
            Some(Answer::Deny {
                reason: String::new()
            })
        );
        assert_eq!(
            answered(call(), &["n not there"]).0,
            Some(Answer::Deny {
                reason: "not there".into()
            })
        );
        assert_eq!(answered(call(), &["what", "y"]).0, Some(Answer::Approve));
    }

    #[test]
    fn always_shows_what_it_is_about_before_it_is_taken() {
        let (said_once, shown) = said(call(), &["a", "b", "y"]);
        assert_eq!(said_once, Some(Said::once(Answer::Approve)));
        assert!(
            shown.contains(r#" 1  content = "one\u001b[2J\ntwo""#),
            "{shown}"
        );
        assert!(shown.contains("path = \"out/*.md\""), "{shown}");
        let (chosen, _) = said(call(), &["always", "4", "x", "2"]);
        let pattern = r#"content = anything, path = "out/a.md""#.parse().unwrap();
        assert_eq!(
            chosen,
            Some(Said {
                answer: Answer::Approve,
                always: Some(pattern)
            })
        );
        assert_eq!(said(call(), &["a", ""]).0, None, "Enter takes no rule");
    }

    #[test]
    fn nobody_says_yes_to_what_was_not_shown() {
        let long = Question::Call {
            call_id: CallId("c1".into()),
            tool: "write_file".into(),
            server: "built-in".into(),
            arguments: json!({"path": "a", "content": "line\n".repeat(40) + "rm -rf"}),
            effect: Effect::Write,
        };
        let (answer, shown) = answered(long.clone(), &["y"]);
        assert_eq!(answer, None, "the first yes shows the rest: {shown}");
        assert!(shown.contains("rm -rf"), "{shown}");
        assert_eq!(answered(long, &["y", "y"]).0, Some(Answer::Approve));
    }

    #[test]
    fn the_end_of_input_and_later_leave_the_question_open() {
        assert_eq!(answered(call(), &[]).0, None);
        assert_eq!(answered(call(), &["l"]).0, None);
        assert_eq!(answered(call(), &[""]).0, None);
    }

    #[test]
    fn details_show_every_line_as_it_is() {
        let content: String = (1..=60).map(|line| format!("line {line}\n")).collect();
        let long = "x".repeat(1_000);
        let Question::Call {
            call_id,
            tool,
            server,
            effect,
            ..
        } = call()
        else {
            panic!("a call");
        };
        let question = Question::Call {
            call_id,
            tool,
            server,
            arguments: json!({"path": long, "content": content}),
            effect,
        };
        let (_, shown) = answered(question, &["d", "n"]);
        let (first, details) = shown.split_once("[L]ater").unwrap();
        assert!(first.contains("… 48 more lines that d shows"), "{first}");
        assert!(first.contains("more characters that d shows"), "{first}");
        assert!(details.contains("│ line 60\n"), "{details}");
        assert!(details.contains(&long), "{details}");
        assert!(!details.contains("more "), "{details}");
    }

    #[test]
    fn the_arguments_are_shown_as_they_will_be_sent() {
        let (_, shown) = answered(call(), &["d", "n"]);
        assert!(shown.contains("\"out/a.md\""), "{shown}");
        assert!(
            shown.contains("one\\u{1b}[2J"),
            "an escape sequence must be visible: {shown}"
        );
        assert!(
            shown.contains("abababa"),
            "the answer's hash must be there: {shown}"
        );
        assert!(
            shown.contains("content: 2 lines, the last without a line end"),
            "{shown}"
        );
        assert!(!shown.contains('\u{1b}'));
    }

    #[test]
    fn grants_are_listed_with_the_paths_that_are_meant() {
        let question = Question::Grant {
            permissions: vec![
                Permission::ReadFiles {
                    path: "../receipts".into(),
                },
                Permission::Network {
                    host: "api.example.com\u{202e}".into(),
                },
            ],
            behaviour: ContentHash::from_bytes([1; 32]),
        };
        let (answer, shown) = answered(question, &["yes"]);
        assert_eq!(answer, Some(Answer::Approve));
        assert!(shown.contains("read files in /receipts"), "{shown}");
        assert!(
            shown.contains("for the behaviour (0101010)"),
            "the hash is the behaviour's: {shown}"
        );
        assert!(
            shown.contains("connect to api.example.com\\u{202e}"),
            "{shown}"
        );
    }

    #[test]
    fn an_unknown_outcome_has_three_answers_and_no_hasty_one() {
        let question = || Question::Outcome {
            call_id: CallId("c1".into()),
            tool: "http_request".into(),
            arguments: json!({"method": "POST"}),
        };
        assert_eq!(answered(question(), &["n"]).0, Some(Answer::NotHappened));
        assert_eq!(answered(question(), &["s"]).0, Some(Answer::Stop));
        assert_eq!(
            answered(question(), &["h", "201"]).0,
            Some(Answer::Happened {
                result: "201".into()
            })
        );
        assert_eq!(answered(question(), &[""]).0, None);
        assert_eq!(
            answered(question(), &["y", ""]).0,
            None,
            "yes answers another question"
        );
    }
}
