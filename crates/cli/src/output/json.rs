//! `--json`: one object a line on stdout.

use std::io::{self, BufWriter, Stdout, Write};
use std::path::PathBuf;

use serde::Serialize;
use slipway_contract::Problem;
use slipway_contract::approval::Approval;
use slipway_contract::event::{EventKind, RunEvent};

use super::terminal::OpenQuestions;
use super::view::View;
use super::{Screen, sanitize};
use crate::output::print_note;

/// Prints one object.
pub(crate) fn print_json<T: Serialize>(value: &T) -> io::Result<()> {
    let mut out = io::stdout().lock();
    write(&mut out, value)?;
    out.flush()
}

/// Prints lines that are JSON already.
pub(crate) fn print_json_lines(lines: &str) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in lines.lines() {
        writeln!(out, "{}", sanitize::json(line))?;
    }
    out.flush()
}

/// An error among the objects.
#[derive(Serialize)]
struct ErrorLine<'a> {
    r#type: &'static str,
    #[serde(flatten)]
    problem: &'a Problem,
}

pub(crate) fn print_error_line(problem: &Problem) -> io::Result<()> {
    print_json(&ErrorLine {
        r#type: "error",
        problem,
    })
}

fn write<T: Serialize>(out: &mut impl Write, value: &T) -> io::Result<()> {
    let line = serde_json::to_string(value)?;
    writeln!(out, "{}", sanitize::json(&line))
}

/// A run's events, one a line.
pub(crate) struct JsonView {
    out: BufWriter<Stdout>,
    /// Where questions are asked: not among the objects.
    aside: Screen,
    open: OpenQuestions,
    workdir: PathBuf,
}

impl JsonView {
    pub(crate) fn new(workdir: PathBuf) -> Self {
        Self {
            out: BufWriter::new(io::stdout()),
            aside: Screen::stderr(),
            open: OpenQuestions::default(),
            workdir,
        }
    }
}

impl View for JsonView {
    fn known(&mut self, event: &RunEvent) {
        self.open.follow(&event.kind);
    }

    fn event(&mut self, event: &RunEvent) -> io::Result<()> {
        self.open.follow(&event.kind);
        write(&mut self.out, event)?;
        if matches!(event.kind, EventKind::RunParked { .. }) {
            self.out.flush()?;
            self.open
                .print(&mut self.aside, event.run_id, &self.workdir)?;
            self.aside.flush()?;
        }
        Ok(())
    }

    fn note(&mut self, text: &str) -> io::Result<()> {
        self.out.flush()?;
        print_note(text);
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn end(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn question(&mut self, approval: &Approval) -> io::Result<&mut Screen> {
        self.open.saw(approval);
        self.out.flush()?;
        Ok(&mut self.aside)
    }
}
