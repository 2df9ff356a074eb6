//! Recordings as files.

use super::*;

#[tokio::test]
async fn a_recording_is_the_same_after_its_file() {
    let ran = World::default().live().await;
    let recording = record(&ran.events, "made for the tests").unwrap();
    assert_eq!(recording.calls.len(), 2, "the failed attempt is no answer");
    assert_eq!(recording.header.note, "made for the tests");
    assert_eq!(recording.header.model.to_string(), "openai/gpt-5-mini");
    let bytes = recording.to_bytes().unwrap();
    assert_eq!(Recording::parse(&bytes).unwrap(), recording);
    assert_eq!(bytes, recording.to_bytes().unwrap());
    let windows = String::from_utf8(bytes).unwrap().replace('\n', "\r\n");
    let windows = format!("\u{feff}{windows}\r\n\r\n");
    assert_eq!(Recording::parse(windows.as_bytes()).unwrap(), recording);
}

#[tokio::test]
async fn a_recording_holds_no_path_of_this_machine_and_no_time() {
    let text = String::from_utf8(recorded().await.to_bytes().unwrap()).unwrap();
    assert!(!text.contains("/home/ada"), "{text}");
    assert!(!text.contains("08:00:00"), "{text}");
    assert!(text.contains("12.50"), "{text}");
    assert_eq!(
        text.lines().count(),
        4,
        "a header, the instructions and two calls: {text}"
    );
}

#[tokio::test]
async fn a_run_without_an_answer_or_of_a_recording_is_not_recorded() {
    let error = slipway_agent::ports::model::ModelErrorKind::Authentication;
    let model = ScriptedModel::new([Reply::fail(error, "no key")]);
    let ran = World::default().run(Arc::new(model)).await;
    assert_eq!(record(&ran.events, ""), Err(RecordError::NoAnswers));
    assert_eq!(record(&[], ""), Err(RecordError::NoAnswers));
    let played = World::default().play(&recorded().await).await;
    assert_eq!(
        record(&played.events, ""),
        Err(RecordError::Played("recording/october".to_owned()))
    );
    let gap = &ran.events[1..];
    assert!(matches!(record(gap, ""), Err(RecordError::Journal(_))));
}

#[tokio::test]
async fn what_is_no_recording_is_refused_with_its_line() {
    let good = String::from_utf8(recorded().await.to_bytes().unwrap()).unwrap();
    let lines: Vec<&str> = good.lines().collect();
    let (header, instructions, call) = (lines[0], lines[1], lines[2]);
    let with = |header: &str, calls: &[&str]| [&[header], calls].concat().join("\n");
    for (file, expected) in [
        (String::new(), "it is empty"),
        ("\n \n".to_owned(), "it is empty"),
        ("PK\u{3}\u{4}".to_owned(), "line 1: it does not begin"),
        ("{\"messages\": []}".to_owned(), "line 1: it does not begin"),
        (with(call, &[]), "line 1: it does not begin"),
        (with(header, &[]), "it holds no model call"),
        (
            with(
                &header.replace("\"slipway_recording\":1", "\"slipway_recording\":2"),
                &[call],
            ),
            "line 1: it has format 2",
        ),
        (
            with(
                &header.replace("\"slipway_recording\":1", "\"slipway_recording\":0"),
                &[call],
            ),
            "line 1: \"slipway_recording\" is no format",
        ),
        (
            with(&header.replace("\"agent\"", "\"agnet\""), &[call]),
            "line 1: unknown field `agnet`",
        ),
        (with(header, &[call, &call[..call.len() / 2]]), "line 3: "),
        (with(header, &[call, "{}"]), "line 3: missing field `given`"),
        (
            with(header, &["", call, &call.replace("\"stop\"", "\"stopp\"")]),
            "line 4: ",
        ),
        (with(header, &[&"[".repeat(100_000)]), "line 2: "),
        (
            with(header, &[&instructions.replace("exact", "quick"), call]),
            "line 2: the instructions are not those whose hash line 1 has",
        ),
    ] {
        let error = Recording::parse(file.as_bytes()).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error:?} for {file:.60}");
    }
    let mut binary = with(header, &[call]).into_bytes();
    binary.extend_from_slice(b"\n\xff\xfe");
    assert_eq!(
        Recording::parse(&binary),
        Err(ParseError::NotText { line: 3 })
    );
    assert_eq!(
        Recording::parse(&vec![b' '; (64 << 20) + 1]),
        Err(ParseError::TooLarge)
    );
}
