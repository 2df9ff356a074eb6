//! Filling a template in, within bounds.

use std::io;

use minijinja::machinery::parse;
use minijinja::syntax::SyntaxConfig;
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value, escape_formatter,
};
use slipway_agent::ports::tool::ToolError;

use super::check::check;
use super::filters;
use crate::arguments::{cut, told};
use crate::blocking::Stop;

/// Steps of one template; a row takes about twenty.
const FUEL: u64 = 5_000_000;
/// The largest template.
pub(crate) const LARGEST_TEMPLATE: usize = 500_000;
/// The largest result.
const LARGEST_RESULT: usize = 20_000_000;
const NAME: &str = "template";

/// Fills a template in. Names that it uses must be there: a misspelt one is an error, not an
/// empty place in a report.
pub(crate) fn render(
    template: &str,
    values: &Value,
    html: bool,
    stop: &Stop,
) -> Result<String, ToolError> {
    if template.len() > LARGEST_TEMPLATE {
        return Err(told(format!(
            "The template has {} bytes; at most {LARGEST_TEMPLATE} are filled in.",
            template.len()
        )));
    }
    let failed = |error: Error| told(explain(&error, template));
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()
        .map_err(failed)?;
    let parsed = parse(template, NAME, syntax.clone()).map_err(failed)?;
    check(&parsed).map_err(|refusal| {
        let line = usize::from(refusal.line);
        told(format!(
            "The template cannot be filled in: line {line}: {}{}.",
            refusal.what,
            source(template, line)
        ))
    })?;
    drop(parsed);
    let mut environment = Environment::new();
    environment.set_syntax(syntax);
    environment.set_fuel(Some(FUEL));
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(move |_| {
        if html {
            AutoEscape::Html
        } else {
            AutoEscape::None
        }
    });
    filters::install(&mut environment, stop);
    let wanted = stop.clone();
    environment.set_formatter(move |out, state, value| {
        if wanted.is_set() {
            return Err(Error::new(
                ErrorKind::InvalidOperation,
                "the call was cancelled",
            ));
        }
        // An empty cell prints as nothing.
        if value.is_none() {
            Ok(())
        } else {
            escape_formatter(out, state, value)
        }
    });
    environment.add_template(NAME, template).map_err(failed)?;
    let compiled = environment.get_template(NAME).map_err(failed)?;
    let mut out = Bounded(Vec::new());
    let rendered = compiled
        .render_captured_to(values.clone(), &mut out)
        .map(drop);
    stop.check()?;
    rendered.map_err(failed)?;
    String::from_utf8(out.0).map_err(|_| ToolError::Fatal("a template made no text".into()))
}

struct Bounded(Vec<u8>);

impl io::Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > LARGEST_RESULT {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                "the result is larger than 20 MB",
            ));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn explain(error: &Error, template: &str) -> String {
    let what = match (error.kind(), error.detail()) {
        (ErrorKind::OutOfFuel, _) => "it takes too many steps; loop over fewer rows".to_owned(),
        (ErrorKind::UndefinedError, _) => "a name or attribute is not there".to_owned(),
        (ErrorKind::WriteFailure, _) => "the result is larger than 20 MB".to_owned(),
        (kind, Some(detail)) => format!("{kind}: {}", cut(detail, 300)),
        (kind, None) => kind.to_string(),
    };
    let line = error.line().unwrap_or(0);
    let place = if line > 0 {
        format!("line {line}: ")
    } else {
        String::new()
    };
    format!(
        "The template cannot be filled in: {place}{what}{}.",
        source(template, line)
    )
}

fn source(template: &str, line: usize) -> String {
    let text = line
        .checked_sub(1)
        .and_then(|index| template.lines().nth(index));
    text.map_or_else(String::new, |text| {
        format!(" (`{}`)", cut(text.trim(), 120))
    })
}
