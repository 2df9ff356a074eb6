//! The one place that writes for people: lines, text that streams in, and spinners below it.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::time::Duration;

use anstream::AutoStream;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use slipway_contract::StepId;

/// Standard output or standard error, as people read it: in colour and with spinners on a
/// terminal, in plain lines elsewhere.
pub(crate) struct Screen {
    out: BufWriter<Box<dyn Write + Send>>,
    place: Place,
    at_line_start: bool,
    spinners: Option<MultiProgress>,
    spinning: BTreeMap<StepId, ProgressBar>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Stdout,
    Stderr,
    #[cfg(test)]
    Memory(Option<usize>),
}

impl Screen {
    pub(crate) fn stdout() -> Self {
        let moves = can_move(io::stdout().is_terminal());
        let spinners = moves.then(|| MultiProgress::with_draw_target(ProgressDrawTarget::stdout()));
        Self::new(
            Box::new(AutoStream::auto(io::stdout())),
            Place::Stdout,
            spinners,
        )
    }

    pub(crate) fn stderr() -> Self {
        Self::new(
            Box::new(AutoStream::auto(io::stderr())),
            Place::Stderr,
            None,
        )
    }

    fn new(out: Box<dyn Write + Send>, place: Place, spinners: Option<MultiProgress>) -> Self {
        Self {
            out: BufWriter::new(out),
            place,
            at_line_start: true,
            spinners,
            spinning: BTreeMap::new(),
        }
    }

    /// The terminal's columns; none where there is no terminal.
    pub(crate) fn columns(&self) -> Option<usize> {
        let size = match self.place {
            Place::Stdout => terminal_size::terminal_size_of(io::stdout()),
            Place::Stderr => terminal_size::terminal_size_of(io::stderr()),
            #[cfg(test)]
            Place::Memory(columns) => return columns,
        };
        let size = size.map(|(terminal_size::Width(columns), _)| usize::from(columns));
        let said = std::env::var("COLUMNS")
            .ok()
            .and_then(|said| said.parse().ok());
        size.map(|size| said.unwrap_or(size))
            .filter(|columns| *columns > 0)
    }

    /// Columns for what is shown in one line, also where lines may be of any length.
    pub(crate) fn line_length(&self) -> usize {
        const WITHOUT_TERMINAL: usize = 160;
        self.columns().unwrap_or(WITHOUT_TERMINAL)
    }

    /// Writes a whole line.
    pub(crate) fn line(&mut self, line: &str) -> io::Result<()> {
        self.start_line()?;
        self.write(&format!("{line}\n"))
    }

    /// Writes text that goes on later.
    pub(crate) fn text(&mut self, text: &str) -> io::Result<()> {
        if text.is_empty() {
            Ok(())
        } else {
            self.write(text)
        }
    }

    /// Ends the line if text stands in it.
    pub(crate) fn start_line(&mut self) -> io::Result<()> {
        if self.at_line_start {
            Ok(())
        } else {
            self.write("\n")
        }
    }

    /// Shows a spinner for a step, until [`Self::still`]. Nothing is shown elsewhere than on a
    /// terminal.
    pub(crate) fn spin(&mut self, step: StepId, what: String) -> io::Result<()> {
        if self.spinners.is_none() {
            return Ok(());
        }
        self.start_line()?;
        self.out.flush()?;
        let Some(spinners) = &self.spinners else {
            return Ok(());
        };
        if let Some(spinner) = self.spinning.get(&step) {
            spinner.set_message(what);
            return Ok(());
        }
        let spinner = spinners.add(ProgressBar::new_spinner());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed:>4}") {
            spinner.set_style(style);
        }
        spinner.set_message(what);
        spinner.enable_steady_tick(Duration::from_millis(100));
        self.spinning.insert(step, spinner);
        Ok(())
    }

    /// Takes a step's spinner away.
    pub(crate) fn still(&mut self, step: StepId) {
        if let Some(spinner) = self.spinning.remove(&step) {
            spinner.finish_and_clear();
        }
    }

    /// Takes all spinners away.
    pub(crate) fn all_still(&mut self) {
        for spinner in std::mem::take(&mut self.spinning).into_values() {
            spinner.finish_and_clear();
        }
    }

    /// Hides the spinners while the person types.
    pub(crate) fn hold(&mut self) -> io::Result<()> {
        if let Some(spinners) = &self.spinners {
            spinners.clear()?;
            spinners.set_draw_target(ProgressDrawTarget::hidden());
        }
        Ok(())
    }

    /// Shows the spinners again.
    pub(crate) fn go_on(&mut self) {
        if let Some(spinners) = &self.spinners {
            spinners.set_draw_target(ProgressDrawTarget::stdout());
        }
    }

    /// The person ended the line.
    pub(crate) const fn line_was_typed(&mut self) {
        self.at_line_start = true;
    }

    /// Shows what was written.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.at_line_start = text.ends_with('\n');
        match &self.spinners {
            Some(spinners) if !self.spinning.is_empty() => spinners.suspend(|| {
                self.out.write_all(text.as_bytes())?;
                self.out.flush()
            }),
            _ => self.out.write_all(text.as_bytes()),
        }
    }
}

/// Fails where what is written to standard output is lost without an error: it is closed, or the null device, which
/// a closed one becomes as the process starts.
#[cfg(unix)]
pub(crate) fn stdout_leads_somewhere() -> io::Result<()> {
    use std::os::fd::AsFd as _;
    use std::os::unix::fs::MetadataExt as _;

    let mut stdout = std::fs::File::from(io::stdout().as_fd().try_clone_to_owned()?);
    // Of no bytes, it tells whether it may be written to at all.
    let _ = stdout.write(&[])?;
    let device = stdout.metadata()?.rdev();
    // Files that are no device have none.
    if device != 0 && device == std::fs::metadata("/dev/null")?.rdev() {
        return Err(io::Error::other("standard output leads nowhere"));
    }
    Ok(())
}

#[cfg(not(unix))]
pub(crate) fn stdout_leads_somewhere() -> io::Result<()> {
    Ok(())
}

fn can_move(is_terminal: bool) -> bool {
    is_terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

#[cfg(test)]
mod in_memory {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// What was written to a screen that is no terminal.
    #[derive(Clone, Default)]
    pub(crate) struct Written(Arc<Mutex<Vec<u8>>>);

    impl Written {
        /// Everything so far, without colours.
        pub(crate) fn text(&self) -> String {
            let bytes = self.0.lock().unwrap().clone();
            anstream::adapter::strip_str(&String::from_utf8(bytes).unwrap()).to_string()
        }
    }

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Screen {
        pub(crate) fn in_memory(columns: Option<usize>) -> (Self, Written) {
            let written = Written::default();
            let mut screen = Self::new(Box::new(written.clone()), Place::Memory(columns), None);
            // Each line is seen at once.
            screen.out = BufWriter::with_capacity(0, Box::new(written.clone()));
            (screen, written)
        }
    }
}
