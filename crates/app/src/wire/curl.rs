//! A request as a command that a person can paste into `sh`.

use std::fmt::Write as _;

use slipway_agent::ports::model::Exchanged;
use slipway_contract::visible;
use slipway_contract::wire::WireCall;

/// curl asks a server first whether it may send a longer body, for which some never answer.
const ASKS_FIRST: u64 = 1 << 20;

/// The command, with the key as a variable of the shell. The body goes through a pipe: as an
/// argument it could be too long, and a here-document would add a line break to it. One with
/// files in it is printed by Slipway when the command is run.
pub(super) fn curl(exchanged: &Exchanged, call: &WireCall) -> String {
    let mut command = String::new();
    let body = &exchanged.request_body;
    if !exchanged.request_files.is_empty() {
        let WireCall {
            run_id,
            step,
            attempt,
            ..
        } = call;
        let _ = writeln!(
            command,
            "slipway runs wire {run_id} --step {step} --attempt {attempt} --request |"
        );
    } else if !body.is_empty() {
        let _ = writeln!(command, "{} |", printed(body));
    }
    command.push_str("curl -sS");
    let has = |name: &str, part: &str| {
        let mut headers = exchanged.request_headers.iter();
        headers.any(|(found, value)| found == name && value.contains(part))
    };
    if has("accept", "text/event-stream") {
        command.push_str(" -N");
    }
    if exchanged.url.contains(['[', ']', '{', '}']) {
        command.push_str(" -g");
    }
    let _ = write!(command, " {}", quoted(&exchanged.url));
    for (name, value) in &exchanged.request_headers {
        let _ = write!(command, " \\\n  -H {}", header(name, value));
    }
    if body.is_empty() {
        command.push_str(" \\\n  -X POST");
    } else {
        if call.request_bytes >= ASKS_FIRST {
            command.push_str(" \\\n  -H 'expect:'");
        }
        command.push_str(" \\\n  --data-binary @-");
    }
    command.push('\n');
    command
}

fn header(name: &str, value: &str) -> String {
    match key(value) {
        Some((before, key)) => format!("{}\"${key}\"", quoted(&format!("{name}: {before}"))),
        // curl leaves out a header with a colon and nothing after it.
        None if value.is_empty() => quoted(&format!("{name};")),
        None => quoted(&format!("{name}: {value}")),
    }
}

/// A value that carries a key: what stands before it, and the key's name.
pub(super) fn key(value: &str) -> Option<(&str, &str)> {
    let name = value.strip_prefix("Bearer ").unwrap_or(value);
    let before = &value[..value.len() - name.len()];
    let name = name.strip_prefix('$')?;
    let mut letters = name.chars();
    let is_name = letters
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then_some((before, name))
}

/// One word for a shell, whatever it holds.
fn quoted(text: &str) -> String {
    let shown: String = text.chars().filter(|c| !c.is_control()).collect();
    format!("'{}'", shown.replace('\'', "'\\''"))
}

/// What prints exactly these bytes. Text is printed as it is; what a terminal would obey, what
/// cannot be seen and what is no text is written in octal.
fn printed(body: &[u8]) -> String {
    let text = std::str::from_utf8(body).ok();
    if let Some(text) = text.filter(|text| !text.chars().any(is_obeyed)) {
        return format!("printf %s '{}'", text.replace('\'', "'\\''"));
    }
    let mut format = String::with_capacity(body.len() * 2);
    for chunk in body.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '%' => format.push_str("%%"),
                '\\' => format.push_str("\\\\"),
                '\'' => format.push_str("'\\''"),
                c if is_obeyed(c) => octal(c.encode_utf8(&mut [0; 4]).as_bytes(), &mut format),
                c => format.push(c),
            }
        }
        octal(chunk.invalid(), &mut format);
    }
    format!("printf -- '{format}'")
}

fn is_obeyed(c: char) -> bool {
    c.is_control() || (visible::deceives(c) && !c.is_whitespace())
}

fn octal(bytes: &[u8], out: &mut String) {
    for byte in bytes {
        let _ = write!(out, "\\{byte:03o}");
    }
}

#[cfg(test)]
mod tests {
    use slipway_contract::ContentHash;
    use slipway_contract::message::Media;
    use slipway_contract::wire::WireFile;

    use super::*;

    fn exchanged(body: &[u8]) -> Exchanged {
        let headers = [
            ("content-type", "application/json"),
            ("authorization", "Bearer $OPENAI_API_KEY"),
            ("x-goog-api-key", "$GEMINI_API_KEY"),
            ("x-title", "it's $HOME `id` \"$(id)\" \\"),
            ("x-empty", ""),
        ];
        Exchanged {
            url: "https://api.example.com/v1/responses?a='b'".into(),
            request_headers: headers
                .map(|(name, value)| (name.into(), value.into()))
                .to_vec(),
            request_body: body.to_vec(),
            ..Exchanged::default()
        }
    }

    fn call() -> WireCall {
        WireCall {
            run_id: slipway_contract::RunId::from_random([1; 10]),
            step: slipway_contract::StepId(3),
            attempt: 2,
            model: "openai/gpt-5-mini".parse().unwrap(),
            at: slipway_contract::Timestamp::UNIX_EPOCH,
            took_ms: 1,
            status: Some(200),
            request_bytes: 10,
            response_bytes: 10,
            cut: None,
        }
    }

    #[test]
    fn a_body_with_files_is_printed_when_the_command_is_run() {
        let mut exchanged = exchanged(b"[image]");
        exchanged.request_files = vec![WireFile {
            name: "a.png".into(),
            media: Media::Png,
            bytes: 4,
            sha256: ContentHash::from_bytes([1; 32]),
            at: 0,
        }];
        let call = WireCall {
            request_bytes: 2 << 20,
            ..call()
        };
        let command = curl(&exchanged, &call);
        let first = format!(
            "slipway runs wire {} --step 3 --attempt 2 --request |\ncurl -sS ",
            call.run_id
        );
        assert!(command.starts_with(&first), "{command}");
        assert!(
            command.ends_with("-H 'expect:' \\\n  --data-binary @-\n"),
            "{command}"
        );
    }

    #[test]
    fn the_key_is_a_variable_and_all_else_is_quoted() {
        assert_eq!(
            curl(&exchanged(br#"{"it's":"$HOME"}"#), &call()),
            r#"printf %s '{"it'\''s":"$HOME"}' |
curl -sS 'https://api.example.com/v1/responses?a='\''b'\''' \
  -H 'content-type: application/json' \
  -H 'authorization: Bearer '"$OPENAI_API_KEY" \
  -H 'x-goog-api-key: '"$GEMINI_API_KEY" \
  -H 'x-title: it'\''s $HOME `id` "$(id)" \' \
  -H 'x-empty;' \
  --data-binary @-
"#
        );
        for hostile in [
            "$A;id",
            "$",
            "Bearer $1",
            "Bearer $A B",
            "$A\"",
            "Bearer x$A",
        ] {
            assert_eq!(key(hostile), None, "{hostile}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn every_body_is_printed_as_it_is() {
        let mut bodies: Vec<Vec<u8>> = [
            "plain",
            "-n",
            "-- %s %d \\n \\033 \\",
            "it's '\\'' $(id) `id` \"$HOME\" !! ~ *",
            "EOF\nEOF\n",
            "ends with lines\n\n\n",
            "\u{1b}]0;title\u{7}\u{9b}31m\u{202e}\u{200b}\u{a0}",
            "größer 領収書 👩‍👩‍👧\r\n\t\0end",
        ]
        .map(|text| text.as_bytes().to_vec())
        .into();
        bodies.push((0..=255).collect());
        bodies.push((0..=255).rev().cycle().take(300_000).collect());
        bodies.push("'".repeat(200_000).into_bytes());
        for body in bodies {
            let command = printed(&body);
            assert!(
                !command.contains(['\u{1b}', '\u{9b}', '\u{202e}', '\n']),
                "safe to show"
            );
            let mut shell = std::process::Command::new("sh")
                .stdin(std::process::Stdio::piped())
                .stdout(std::process::Stdio::piped())
                .spawn()
                .unwrap();
            let mut stdin = shell.stdin.take().unwrap();
            let writer = std::thread::spawn(move || {
                std::io::Write::write_all(&mut stdin, command.as_bytes()).unwrap();
            });
            let printed = shell.wait_with_output().unwrap().stdout;
            writer.join().unwrap();
            let is_same = printed == body;
            assert!(
                is_same,
                "{:?}",
                String::from_utf8_lossy(&body[..body.len().min(60)])
            );
        }
    }
}
