//! Expectations out of a suite's text.

use slipway_agent::package::document::{Reader, Section, Text};

use super::keys::{ALL, HEADS, beside};
use super::{
    Approval, Assertion, AtMost, BudgetKept, Called, Contains, ContentCheck, Ended, Equals,
    Expectation, FileWritten, FitsSchema, HowMany, InLanguage, InOrder, Length, Matches, Near,
    NoError, Path, Rubric, Similar, Source, Subject, Unit, Wanted, Weight, tool,
};
use crate::suite::working_path;

/// The expectations of `[[case.expect]]`. `known` are the agent's tools.
pub(crate) fn read(
    reader: &mut Reader<'_>,
    case: &Section<'_>,
    known: &[String],
) -> Vec<Expectation> {
    let sections = reader.tables(case, "expect");
    let read = sections
        .into_iter()
        .filter_map(|section| one(reader, section, known));
    read.collect()
}

fn one(reader: &mut Reader<'_>, mut section: Section<'_>, known: &[String]) -> Option<Expectation> {
    reader.only(&mut section, ALL, &[]);
    let head = head(reader, &section)?;
    only_beside(reader, &section, head);
    let not = flag(reader, &section, "not").unwrap_or(false);
    let weight = reader.integer(&section, "weight", &(1..=Weight::MOST));
    let weight = weight.and_then(Weight::new).unwrap_or(Weight::ONE);
    let assertion = assertion(reader, &section, head, known)?;
    Some(Expectation {
        assertion,
        not,
        weight,
    })
}

/// The one key that says what is expected.
fn head(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<&'static str> {
    let heads: Vec<&str> = HEADS
        .iter()
        .copied()
        .filter(|head| section.get(head).is_some())
        .collect();
    match heads.as_slice() {
        [one] => Some(one),
        // Both ends of a length are one expectation.
        [one @ "min_chars", "max_chars"] | [one @ "min_words", "max_words"] => Some(one),
        [] => {
            // A misspelt one was reported as such.
            if HEADS.iter().all(|head| reader.lacks(section, head)) {
                let message = format!("says nothing to expect: add one of {}", HEADS.join(", "));
                reader.report(&section.span, &section.key, &message);
            }
            None
        }
        [one, other, ..] => {
            let message = format!("has `{one}` and `{other}`: write a `[[case.expect]]` for each");
            reader.report(&section.span, &section.key, &message);
            None
        }
    }
}

fn only_beside(reader: &mut Reader<'_>, section: &Section<'_>, head: &str) {
    for (key, found) in section.iter() {
        if let Some(heads) = beside(key)
            && !heads.contains(&head)
        {
            let message = format!(
                "says nothing beside `{head}`; it goes with {}",
                heads.join(", ")
            );
            reader.report(&found.span, &found.key, &message);
        }
    }
}

fn assertion(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    head: &str,
    known: &[String],
) -> Option<Assertion> {
    Some(match head {
        "no_error" => {
            is_true(reader, section, head)?;
            Assertion::NoError(NoError { may_wait: false })
        }
        "ended" => Assertion::Ended(Ended::read(reader, section)?),
        "budget_kept" => {
            is_true(reader, section, head)?;
            Assertion::BudgetKept(BudgetKept)
        }
        "max_cost_usd" => Assertion::AtMost(AtMost::cost(reader, section)?),
        "max_latency" => Assertion::AtMost(AtMost::latency(reader, section)?),
        "max_steps" => Assertion::AtMost(AtMost::steps(reader, section)?),
        "tool_called" => Assertion::Called(Called::read(reader, section, known)?),
        "tool_not_called" => Assertion::Called(Called::read_not(reader, section)?),
        "tools_in_order" => Assertion::InOrder(InOrder::read(reader, section, known)?),
        "file_written" => {
            let path = written(reader, section, head)?;
            Assertion::FileWritten(FileWritten { path })
        }
        "approval_asked" | "approval_refused" => {
            let wanted = if head == "approval_asked" {
                Wanted::Asked
            } else {
                Wanted::Refused
            };
            let tool = tool::tool_or_any(reader, section, head, known)?;
            Assertion::Approval(Approval { tool, wanted })
        }
        _ => {
            let subject = subject(reader, section);
            let check = content(reader, section, head)?;
            Assertion::Content(subject?, check)
        }
    })
}

fn content(reader: &mut Reader<'_>, section: &Section<'_>, head: &str) -> Option<ContentCheck> {
    Some(match head {
        "equals" => ContentCheck::Equals(Equals::read(reader, section)?),
        "contains" => ContentCheck::Contains(Contains::read(reader, section, head, HowMany::All)?),
        "contains_any" => {
            ContentCheck::Contains(Contains::read(reader, section, head, HowMany::Any)?)
        }
        "matches" => ContentCheck::Matches(Matches::read(reader, section)?),
        "schema" => ContentCheck::FitsSchema(FitsSchema::read(reader, section)?),
        "number" => ContentCheck::Near(Near::read(reader, section)?),
        "similar_to" => ContentCheck::Similar(Similar::read(reader, section)?),
        "min_chars" | "max_chars" => {
            ContentCheck::Length(Length::read(reader, section, Unit::Characters)?)
        }
        "min_words" | "max_words" => {
            ContentCheck::Length(Length::read(reader, section, Unit::Words)?)
        }
        "language" => ContentCheck::InLanguage(InLanguage::read(reader, section)?),
        "rubric" => ContentCheck::Rubric(Rubric::read(reader, section)?),
        _ => return None,
    })
}

fn subject(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Subject> {
    let source = match section.get("file") {
        Some(_) => written(reader, section, "file").map(Source::File),
        None => Some(Source::Answer),
    };
    let path = match section.get("path") {
        Some(_) => {
            let found = reader.text(section, "path", Text::Line(500))?;
            Some(reader.parsed(found, Path::parse)?.value)
        }
        None => None,
    };
    Some(Subject {
        source: source?,
        path,
    })
}

fn written(reader: &mut Reader<'_>, section: &Section<'_>, key: &str) -> Option<String> {
    let found = reader.text(section, key, Text::Line(150))?;
    let found = reader.parsed(found, |text| match text.contains("{{") {
        // What has variables in it is a path only once they are filled in.
        true => Ok(text.to_owned()),
        false => working_path(text),
    })?;
    Some(found.value)
}

/// A key that is `true` or `false`.
pub(super) fn flag(reader: &mut Reader<'_>, section: &Section<'_>, key: &str) -> Option<bool> {
    let found = section.get(key)?;
    let value = found.value.as_bool();
    if value.is_none() {
        reader.expected("true or false", &found);
    }
    value
}

/// A key that can only be `true`.
fn is_true(reader: &mut Reader<'_>, section: &Section<'_>, key: &str) -> Option<()> {
    match flag(reader, section, key)? {
        true => Some(()),
        false => {
            let found = section.get(key)?;
            let message = "is `true`; what must not be so has `not = true` beside it";
            reader.report(&found.span, &found.key, message);
            None
        }
    }
}
