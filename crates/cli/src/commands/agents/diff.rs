//! A difference as a terminal shows it: what it means first, then file by file.

use std::io;

use slipway_contract::version::{AgentDiff, DiffLine, DiffSide, FileDiff, FileFacts, LineChange};

use crate::output::style::{BAD, FAINT, GOOD, NAME, STRONG, styled};
use crate::output::{Screen, amount, sanitize};

pub(super) fn print(screen: &mut Screen, found: &AgentDiff) -> io::Result<()> {
    let (from, to) = (side(found.from), side(found.to));
    if found.diff.files.is_empty() {
        return screen.line(&format!("Nothing differs between {from} and {to}."));
    }
    screen.line(&format!(
        "{} {from} → {to}",
        styled(STRONG, found.agent.as_str())
    ))?;
    if !found.diff.meaning.is_empty() {
        screen.line("")?;
        screen.line("What changes:")?;
        for line in &found.diff.meaning {
            screen.line(&format!("  - {}", sanitize::exact(line)))?;
        }
    }
    found.diff.files.iter().try_for_each(|file| {
        screen.line("")?;
        print_file(screen, file)
    })
}

fn side(side: DiffSide) -> String {
    if side.draft {
        "what it is now".to_owned()
    } else {
        format!("version {}", side.version.short())
    }
}

fn print_file(screen: &mut Screen, file: &FileDiff) -> io::Result<()> {
    let path = styled(NAME, &sanitize::line(&file.path));
    let what = match (&file.before, &file.after, &file.renamed_from) {
        (None, _, _) => "new".to_owned(),
        (_, None, _) => "gone".to_owned(),
        (_, _, Some(from)) => format!("renamed from {}", sanitize::line(from)),
        _ => "changed".to_owned(),
    };
    screen.line(&format!("{path}  {what}"))?;
    match &file.hunks {
        None => {
            for (sign, style, facts) in [("-", BAD, file.before), ("+", GOOD, file.after)] {
                if let Some(facts) = facts {
                    screen.line(&styled(style, &format!("{sign} {}", told(facts))))?;
                }
            }
            Ok(())
        }
        Some(hunks) => hunks.iter().try_for_each(|hunk| {
            let head = format!("@@ line {} → line {} @@", hunk.before_line, hunk.after_line);
            screen.line(&styled(FAINT, &head))?;
            hunk.lines
                .iter()
                .try_for_each(|line| print_line(screen, line))
        }),
    }
}

/// A file that is no text, or too long to compare.
fn told(facts: FileFacts) -> String {
    format!(
        "{}, SHA-256 {}",
        amount::of(facts.size, "byte"),
        facts.content
    )
}

pub(in crate::commands) fn print_line(screen: &mut Screen, line: &DiffLine) -> io::Result<()> {
    // A tab would move what follows it to another column than in the other lines.
    let text = line.text.replace('\t', "    ");
    let text = sanitize::line(&text);
    let end = if line.no_line_feed {
        styled(FAINT, " (no line feed)")
    } else {
        String::new()
    };
    screen.line(&match line.change {
        LineChange::Same => format!("  {text}{end}"),
        LineChange::Removed => format!("{}{end}", styled(BAD, &format!("- {text}"))),
        LineChange::Added => format!("{}{end}", styled(GOOD, &format!("+ {text}"))),
    })
}
