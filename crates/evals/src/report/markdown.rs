//! A report as Markdown, for a pull request. Everything that is not ours stands in code, where it
//! neither links, nor calls people, nor is markup.

use super::case::CaseReport;
use super::compare::Change;
use super::words;
use super::{Report, SuiteReport, exposed};
use crate::assertion::{Check, Outcome};

/// Cases that are told in full.
const IN_FULL: usize = 20;
/// Cases of one kind that are named.
const NAMED: usize = 100;
/// Lines of a diff that are shown.
const DIFF: usize = 40;

/// The report as Markdown.
#[must_use]
pub fn render(report: &Report) -> String {
    let totals = report.totals();
    let word = if report.passed() { "passed" } else { "failed" };
    let mut out = vec![
        format!("### {} {word}", code(&report.title)),
        String::new(),
        sentence(&words::summary(report, &totals)),
    ];
    out.extend(words::repeats(&totals).iter().map(|line| sentence(line)));
    if let Some(comparison) = &report.against {
        out.push(String::new());
        out.extend(
            words::comparison(comparison)
                .iter()
                .map(|line| format!("- {line}")),
        );
        for change in [
            Change::Broken,
            Change::Fixed,
            Change::Flaky,
            Change::Unknown,
        ] {
            let cases = comparison.cases.iter().filter(|case| case.change == change);
            let titles: Vec<&str> = cases.map(|case| case.title.as_str()).collect();
            named(words::change(change), &titles, &mut out);
        }
    }
    for suite in report
        .suites
        .iter()
        .filter(|suite| !suite.findings.is_empty())
    {
        out.push(String::new());
        out.push(format!("**{} is not valid**", code(&suite.file)));
        out.push(String::new());
        let findings = suite.findings.iter().take(NAMED);
        out.extend(findings.map(|finding| format!("- {}", code(&finding.to_string()))));
    }
    let of = |outcome| {
        report
            .cases()
            .filter(move |(_, case)| case.outcome() == outcome)
    };
    let wrong: Vec<_> = of(Outcome::Failed).chain(of(Outcome::Unjudged)).collect();
    for (suite, case) in wrong.iter().take(IN_FULL) {
        details(suite, case, &mut out);
    }
    let rest: Vec<&str> = wrong
        .iter()
        .skip(IN_FULL)
        .map(|(_, case)| case.title.as_str())
        .collect();
    named("also not passed", &rest, &mut out);
    out.join("\n") + "\n"
}

fn named(what: &str, titles: &[&str], out: &mut Vec<String>) {
    if titles.is_empty() {
        return;
    }
    out.push(String::new());
    out.push(format!("**{} {what}**", titles.len()));
    out.push(String::new());
    out.extend(
        titles
            .iter()
            .take(NAMED)
            .map(|title| format!("- {}", code(title))),
    );
    if titles.len() > NAMED {
        out.push(format!("- and {} more", titles.len() - NAMED));
    }
}

fn details(suite: &SuiteReport, case: &CaseReport, out: &mut Vec<String>) {
    out.push(String::new());
    out.push("<details>".to_owned());
    let title = html(&format!("{} › {}", suite.title, case.title));
    let outcome = words::outcome(case.outcome());
    out.push(format!("<summary><code>{title}</code> {outcome}</summary>"));
    out.push(String::new());
    out.extend(words::attempts(case).map(|attempts| format!("{attempts}.\n")));
    match case.telling() {
        None => out.push("It was never run.".to_owned()),
        Some(attempt) => {
            for (told, check) in words::wrong(attempt) {
                out.push(format!("- {}", code(&told)));
                out.extend(check.and_then(diff));
            }
        }
    }
    out.push(String::new());
    out.push("</details>".to_owned());
}

fn diff(check: &Check) -> Option<String> {
    let lines = words::lines(check, DIFF);
    (!lines.is_empty()).then(|| block("diff", &lines.join("\n")))
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{first}{}.  ", letters.as_str())
}

/// Text in a code span, which no text can end before its end.
fn code(text: &str) -> String {
    let text = exposed::line(text);
    let ticks = "`".repeat(longest_run(&text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') || text.is_empty() {
        " "
    } else {
        ""
    };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

fn block(language: &str, text: &str) -> String {
    let ticks = "`".repeat((longest_run(text) + 1).max(3));
    // Behind a list's item it must stand apart to be a block.
    format!("\n{ticks}{language}\n{text}\n{ticks}")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default()
}

fn html(text: &str) -> String {
    let text = exposed::line(text);
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_leaves_its_code() {
        for (text, written) in [
            ("a", "`a`"),
            ("a`b", "``a`b``"),
            ("``", "``` `` ```"),
            ("@team #1 <b>", "`@team #1 <b>`"),
            ("a\n\n# b", "`a ⏎  ⏎ # b`"),
        ] {
            assert_eq!(code(text), written);
        }
        assert_eq!(block("diff", "+```\n+x"), "\n````diff\n+```\n+x\n````");
    }
}
