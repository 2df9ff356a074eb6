//! What the person says of models in files of their own, `prices.toml` and `providers.toml`: read
//! again whenever it matters, so that a change counts in a process that stays, too.

use std::io::{ErrorKind, Read as _};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use slipway_contract::{ErrorCode, Problem};
use slipway_runner::{Own, OwnPrices, Runner};

use crate::problem::from_io;
use crate::{Home, prices, providers};

/// More than any of the files needs.
const MOST_BYTES: u64 = 1 << 20;

/// The text of a file, none where there is no file.
type Text = Result<Option<String>, Problem>;

/// A runner for a person who says this.
type Make = Arc<dyn Fn(Own) -> Runner + Send + Sync>;

/// The files, and the runner that they make.
#[derive(Clone)]
pub(crate) struct OwnFiles {
    home: Home,
    make: Make,
    read: Arc<Mutex<Read>>,
}

/// What was read last, and what came of it.
struct Read {
    prices: Text,
    providers: Text,
    table: Result<OwnPrices, Problem>,
    runner: Runner,
}

impl OwnFiles {
    /// The files of this home, for runners that are made like this.
    pub(crate) fn new(home: Home, make: impl Fn(Own) -> Runner + Send + Sync + 'static) -> Self {
        let read = Read::of(
            text_of(&home.prices()),
            text_of(&home.providers()),
            &home,
            &make,
        );
        Self {
            read: Arc::new(Mutex::new(read)),
            make: Arc::new(make),
            home,
        }
    }

    /// The runner for what the files say now. A run keeps the one that it began with.
    pub(crate) fn runner(&self) -> Runner {
        self.now(|read| read.runner.clone())
    }

    /// The person's prices now, or what is wrong with them.
    pub(crate) fn prices(&self) -> Result<OwnPrices, Problem> {
        self.now(|read| read.table.clone())
    }

    fn now<T>(&self, take: impl FnOnce(&Read) -> T) -> T {
        let (home, mut read) = (
            &self.home,
            self.read.lock().unwrap_or_else(PoisonError::into_inner),
        );
        // The texts are compared, and not the files' times: two changes may bear the same one.
        let (prices, providers) = (text_of(&home.prices()), text_of(&home.providers()));
        if (&read.prices, &read.providers) != (&prices, &providers) {
            *read = Read::of(prices, providers, home, &*self.make);
        }
        take(&read)
    }
}

impl Read {
    fn of(prices: Text, providers: Text, home: &Home, make: &dyn Fn(Own) -> Runner) -> Self {
        let table = prices::parsed(prices.clone(), &home.prices());
        let registry = providers::parsed(providers.clone(), &home.providers());
        let runner = make(Own {
            prices: table.clone().unwrap_or_default(),
            providers: registry.map_err(|problem| providers::told(&problem)),
        });
        Self {
            prices,
            providers,
            table,
            runner,
        }
    }
}

/// A file that the person writes, unless it is longer than any of them needs to be.
pub(crate) fn text_of(path: &Path) -> Text {
    match bytes_of(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(from_io("read", path, &error).help(
            "See that it is a file that you may read, or move it away; without it, what Slipway ships with counts.",
        )),
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Some(text)),
            Err(error) => Err(not_utf8(path, error.as_bytes(), error.utf8_error().valid_up_to())),
        },
    }
}

fn bytes_of(path: &Path) -> std::io::Result<Vec<u8>> {
    // Looked at before it is opened: to open what is no file may wait for somebody else.
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::Error::other("it is not a file"));
    }
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path)?;
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(std::io::Error::other("it is longer than 1 MiB"));
    }
    Ok(bytes)
}

fn not_utf8(path: &Path, bytes: &[u8], valid: usize) -> Problem {
    let before = bytes.get(..valid).unwrap_or_default();
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    let message = format!(
        "{} could not be read: line {line} is not UTF-8 text",
        path.display()
    );
    let is_wide = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let seems = if is_wide {
        "It seems to be UTF-16, as some editors of Windows write it. "
    } else {
        ""
    };
    Problem::new(ErrorCode::InvalidInput, message).help(format!(
        "{seems}Open it in an editor and save it with the encoding UTF-8, or move it away."
    ))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_cannot_be_read_is_told_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("providers.toml");
        assert_eq!(text_of(&file), Ok(None));
        for (bytes, says, helps) in [
            (
                &b"# fine\ntitle = \"caf\xe9\"\n"[..],
                "line 2 is not UTF-8",
                "encoding UTF-8",
            ),
            (&b"\xff\xfe#\0\n\0"[..], "line 1 is not UTF-8", "UTF-16"),
        ] {
            fs::write(&file, bytes).unwrap();
            let problem = text_of(&file).unwrap_err();
            assert!(problem.message.contains(says), "{problem}");
            let help = problem.help.unwrap();
            assert!(help.contains(helps) && help.contains("UTF-8"), "{help}");
        }
        fs::write(&file, vec![b'#'; 1 + (1 << 20)]).unwrap();
        assert!(text_of(&file).unwrap_err().message.contains("1 MiB"));
        fs::remove_file(&file).unwrap();
        fs::create_dir(&file).unwrap();
        let problem = text_of(&file).unwrap_err();
        assert!(problem.message.contains("it is not a file"), "{problem}");
        assert!(problem.help.unwrap().contains("move it away"));
    }
}
