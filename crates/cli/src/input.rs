//! What a person says to an agent: in the argument, in a file, or on standard input.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read};

use slipway_contract::{ErrorCode, Problem};

/// The most bytes of an input.
const MOST: u64 = 1 << 20;

/// Reads `TEXT`, `@FILE` or `-`. A text that begins with `@` is written with two.
pub(crate) fn read(argument: &str) -> Result<String, Problem> {
    if argument == "-" {
        if io::stdin().is_terminal() {
            crate::output::print_note("reading the input from the keyboard; end it with Ctrl-D");
        }
        return bounded(io::stdin().lock(), "the input on stdin");
    }
    match argument.strip_prefix('@') {
        Some(text) if text.starts_with('@') => checked(text.as_bytes().to_vec(), "the input"),
        Some(path) => {
            let what = format!("the input file {path}");
            let file = File::open(path).map_err(|error| unreadable(&what, &error).help(AT))?;
            bounded(file, &what)
        }
        None => checked(argument.as_bytes().to_vec(), "the input"),
    }
}

const AT: &str = "@ begins a file's name. For a text that begins with @, write @@.";

fn bounded(from: impl Read, what: &str) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    from.take(MOST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(what, &error))?;
    checked(bytes, what)
}

fn checked(bytes: Vec<u8>, what: &str) -> Result<String, Problem> {
    let wrong = |message: String| Problem::new(ErrorCode::InvalidInput, message);
    if bytes.len() as u64 > MOST {
        return Err(wrong(format!("{what} is longer than 1 MiB"))
            .help("Put the data into a file in the agent's folder, and name it in the input."));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        wrong(format!(
            "{what} is not UTF-8 text: byte {at} cannot be read"
        ))
        .help("Save it as UTF-8.")
    })?;
    if text.trim().is_empty() {
        return Err(wrong(format!("{what} is empty")).help("Say something, or leave --input out."));
    }
    Ok(text)
}

fn unreadable(what: &str, error: &io::Error) -> Problem {
    Problem::new(
        ErrorCode::InvalidInput,
        format!("{what} could not be read: {error}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_taken_as_they_are() {
        assert_eq!(read("October, please").unwrap(), "October, please");
        assert_eq!(read("--model").unwrap(), "--model");
        assert_eq!(read("@@home").unwrap(), "@home");
    }

    #[test]
    fn what_cannot_be_said_is_refused() {
        for (bytes, says) in [
            (b"  \n".to_vec(), "is empty"),
            (vec![b'x'; (1 << 20) + 1], "longer than 1 MiB"),
            (b"ab\xff".to_vec(), "byte 2"),
        ] {
            let problem = bounded(bytes.as_slice(), "the input").unwrap_err();
            assert!(problem.message.contains(says), "{problem}");
        }
        let problem = read("@no/such/file").unwrap_err();
        assert!(problem.message.contains("no/such/file"), "{problem}");
        assert!(problem.help.unwrap().contains("@@"));
    }

    #[test]
    fn an_endless_input_is_not_read_to_its_end() {
        let problem = bounded(io::repeat(b'x'), "the input").unwrap_err();
        assert!(problem.message.contains("1 MiB"));
    }
}
