//! `edit_file`: one exact text in a file, replaced by another.

use std::io::Read;
use std::path::Path;

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};
use slipway_agent::policy::Access;
use slipway_agent::ports::tool::{Found, Invocation, Tool, ToolError};
use slipway_contract::tool::{DeclaredEffect, Effect, ToolDefinition};

use super::Backups;
use super::change::{self, Author, Change};
use super::place::{self, Place, failure};
use super::text::size;
use crate::arguments::{parse, told};
use crate::blocking;
use crate::definition::built_in;

const LARGEST: u64 = 16_000_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Arguments {
    path: String,
    old_text: String,
    new_text: String,
}

/// The tool.
pub(crate) struct EditFile {
    definition: ToolDefinition,
    backups: Backups,
}

impl EditFile {
    pub(crate) fn new(backups: Backups) -> Self {
        Self {
            definition: definition(),
            backups,
        }
    }
}

/// What the model is told.
pub(crate) fn definition() -> ToolDefinition {
    built_in(
        "edit_file",
        "Replaces one text in a file by another. `old_text` must stand in the file exactly \
         once, with the same spaces and line breaks; take more lines around it where it is not \
         unique. To write a whole file use write_file.",
        // Twice is not as once: the new text may hold the old one.
        DeclaredEffect::Always(Effect::Write),
        json!({
            "type": "object",
            "properties": {
                "path": {"type": "string", "description": "The file, from the working folder."},
                "old_text": {"type": "string", "minLength": 1, "description": "The text that stands there now, exactly."},
                "new_text": {"type": "string", "description": "The text that replaces it."}
            },
            "required": ["path", "old_text", "new_text"],
            "additionalProperties": false
        }),
    )
}

#[async_trait]
impl Tool for EditFile {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    fn leaves_machine(&self) -> bool {
        false
    }

    async fn call(&self, invocation: Invocation) -> Result<Value, ToolError> {
        let arguments: Arguments = parse(invocation.arguments)?;
        let author = Author {
            backups: self.backups.clone(),
            run: invocation.run,
            step: invocation.step,
        };
        blocking::run(move |stop| {
            let place = Place::new(&invocation.grants, &arguments.path, Access::Write)?;
            let mut change = Change::begin(&place)?;
            let content = current(&mut change, &place)?;
            let before = author
                .backups
                .path_of(author.run, author.step, &place.shown);
            if let Some(before) = kept(&before, &place.shown)?
                && before != content
            {
                // An earlier attempt at this call came further than anybody knew.
                let edited = edit(&before, &arguments, &place.shown)?;
                return if content == edited.content {
                    Ok(report(&place.shown, edited.line, &arguments))
                } else {
                    Err(ToolError::Unknown(format!(
                        "`{}` was changed since this edit began.",
                        place.shown
                    )))
                };
            }
            let edited = edit(&content, &arguments, &place.shown)?;
            stop.check()?;
            change.finish(edited.content.as_bytes(), &author)?;
            Ok(report(&place.shown, edited.line, &arguments))
        })
        .await
    }

    fn reconciles(&self) -> bool {
        true
    }

    /// What the file held before is kept first, so without it the edit had not begun; with it the
    /// file tells which of the two it holds, unless somebody changed it since.
    async fn reconcile(&self, invocation: Invocation) -> Found {
        let backups = self.backups.clone();
        let looked = blocking::run(move |_| {
            let arguments: Arguments = parse(invocation.arguments)?;
            let absolute = invocation.grants.resolve(&arguments.path);
            let shown = place::shown(&invocation.grants, &absolute);
            // An attempt that was given up may still be at work.
            let _turn = change::turn(&absolute);
            let before = backups.path_of(invocation.run, invocation.step, &shown);
            let Some(before) = kept(&before, &shown)? else {
                return Ok(Found::NotHappened);
            };
            let place = Place::new(&invocation.grants, &arguments.path, Access::Write)?;
            let now = content(&mut place.open_file()?, &shown)?;
            let edited = edit(&before, &arguments, &shown)?;
            Ok(if now == edited.content {
                let result = report(&shown, edited.line, &arguments);
                Found::Happened { result }
            } else if now == before {
                Found::NotHappened
            } else {
                Found::Unknown
            })
        });
        looked.await.unwrap_or(Found::Unknown)
    }
}

fn report(shown: &str, line: usize, arguments: &Arguments) -> Value {
    json!({
        "path": shown,
        "line": line,
        "lines_removed": arguments.old_text.lines().count(),
        "lines_added": arguments.new_text.lines().count(),
    })
}

/// The content that was kept, if any was.
fn kept(place: &Path, shown: &str) -> Result<Option<String>, ToolError> {
    match std::fs::File::open(place) {
        Ok(mut file) => content(&mut file, shown).map(Some),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(told(failure(&error, shown))),
    }
}

fn current(change: &mut Change<'_>, place: &Place) -> Result<String, ToolError> {
    let shown = &place.shown;
    let Some(file) = change.existing() else {
        return Err(told(format!(
            "`{shown}` does not exist; write_file makes a new file."
        )));
    };
    content(file, shown)
}

fn content(file: &mut impl Read, shown: &str) -> Result<String, ToolError> {
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| told(failure(&error, shown)))?;
    if bytes.len() as u64 > LARGEST {
        return Err(told(format!(
            "`{shown}` is larger than {}, which is the most that is edited.",
            size(LARGEST)
        )));
    }
    String::from_utf8(bytes)
        .map_err(|_| told(format!("`{shown}` is not UTF-8 text and cannot be edited.")))
}

#[derive(Debug)]
struct Edited {
    content: String,
    line: usize,
}

fn edit(content: &str, arguments: &Arguments, shown: &str) -> Result<Edited, ToolError> {
    let Arguments {
        old_text, new_text, ..
    } = arguments;
    if old_text.is_empty() {
        return Err(told("`old_text` is empty; name the text to replace."));
    }
    if old_text == new_text {
        return Err(told(
            "`old_text` and `new_text` are the same; nothing would change.",
        ));
    }
    let replaced = replace_one(content, old_text, new_text, shown)?;
    if let Some(edited) = replaced {
        return Ok(edited);
    }
    // Models write \n; a file from Windows has \r\n.
    if content.contains("\r\n") && !old_text.contains('\r') {
        let windows = |text: &str| text.replace('\n', "\r\n");
        let replaced = replace_one(content, &windows(old_text), &windows(new_text), shown)?;
        if let Some(edited) = replaced {
            return Ok(edited);
        }
    }
    Err(told(format!(
        "`old_text` does not stand in `{shown}`{}; read the file again and copy the text exactly.",
        nearest(content, old_text)
    )))
}

fn replace_one(
    content: &str,
    old: &str,
    new: &str,
    shown: &str,
) -> Result<Option<Edited>, ToolError> {
    let line_of = |at: usize| content[..at].matches('\n').count() + 1;
    let Some(at) = content.find(old) else {
        return Ok(None);
    };
    // The next place may overlap the first.
    let after = at + content[at..].chars().next().map_or(1, char::len_utf8);
    if let Some(second) = content[after..].find(old) {
        return Err(told(format!(
            "`old_text` stands in `{shown}` more than once (lines {} and {}); take more of the text around it.",
            line_of(at),
            line_of(after + second)
        )));
    }
    let content_after = format!("{}{new}{}", &content[..at], &content[at + old.len()..]);
    Ok(Some(Edited {
        content: content_after,
        line: line_of(at),
    }))
}

/// Where the text would stand if white space did not count.
fn nearest(content: &str, old: &str) -> String {
    let first = old.lines().map(str::trim).find(|line| !line.is_empty());
    let found = first.and_then(|wanted| content.lines().position(|line| line.trim() == wanted));
    found.map_or_else(String::new, |index| {
        format!(
            " (line {} is alike, but for white space or what follows)",
            index + 1
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(content: &str, old: &str, new: &str) -> Result<Edited, String> {
        let arguments = Arguments {
            path: "a.md".into(),
            old_text: old.into(),
            new_text: new.into(),
        };
        edit(content, &arguments, "a.md").map_err(|error| error.to_string())
    }

    #[test]
    fn one_exact_text_is_replaced() {
        let one = edited("a\nb\nc\n", "b\n", "B\nB\n").unwrap();
        assert_eq!((one.content.as_str(), one.line), ("a\nB\nB\nc\n", 2));
        let windows = edited("a\r\nb\r\nc", "a\nb", "x\ny").unwrap();
        assert_eq!(windows.content, "x\r\ny\r\nc");
    }

    #[test]
    fn a_text_that_is_not_there_exactly_once_changes_nothing() {
        let twice = edited("x\nb\nx\n", "x\n", "y\n").unwrap_err();
        assert!(twice.contains("lines 1 and 3"), "{twice}");
        assert!(
            edited("aaa", "aa", "b")
                .unwrap_err()
                .contains("more than once")
        );
        let spaces = edited("  indented\n", "\tindented", "x").unwrap_err();
        assert!(spaces.contains("line 1 is alike"), "{spaces}");
        assert!(edited("a", "a", "a").is_err());
        assert!(edited("a", "", "a").is_err());
    }
}
