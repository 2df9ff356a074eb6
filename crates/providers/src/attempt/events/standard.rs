//! The HTML standard's rules for event streams (9.2.6), one by one, and what is done otherwise here
//! on purpose:
//!
//! - The lines of one event's data are joined by a space, not by a line feed: the data is JSON, which
//!   has no line break but between its parts, and is passed on as one line.
//! - Events without data are left out. The standard dispatches them where a `data` line was there.
//! - An event at the end of the stream without its empty line counts when its last line is whole.
//!   Some servers leave the empty line out. The standard discards it.
//! - `id` and `retry` are ignored: nothing reconnects by itself.
//! - An event called `error` is told from others by what it holds.

use super::{Events, Unusable};

/// The events of a stream.
fn events(stream: &[u8]) -> Vec<String> {
    let mut events = Events::default();
    events.take(stream).unwrap();
    events.end().unwrap();
    std::iter::from_fn(|| events.next()).collect()
}

/// Checks each stream, whole and byte by byte.
fn read(cases: &[(&str, &[&str])]) {
    for (stream, expected) in cases {
        assert_eq!(events(stream.as_bytes()), *expected, "{stream:?}");
        let mut in_bytes = Events::default();
        for byte in stream.as_bytes() {
            in_bytes.take(std::slice::from_ref(byte)).unwrap();
        }
        in_bytes.end().unwrap();
        let read: Vec<String> = std::iter::from_fn(|| in_bytes.next()).collect();
        assert_eq!(read, *expected, "{stream:?}, byte by byte");
    }
}

#[test]
fn lines_end_in_lf_cr_or_both() {
    read(&[
        ("data:1\n\ndata:2\n\n", &["1", "2"]),
        ("data:1\r\rdata:2\r\r", &["1", "2"]),
        ("data:1\r\n\r\ndata:2\r\n\r\n", &["1", "2"]),
        // Mixed: a pair is one end, and what follows a pair is another.
        ("data:1\r\n\ndata:2\n\r\ndata:3\r\r\n", &["1", "2", "3"]),
        ("data:1\n\rdata:2\r\r\n", &["1", "2"]),
        // No other character ends a line.
        (
            "data:\"a\u{85}\u{2028}\u{2029}b\"\n\n",
            &["\"a\u{85}\u{2028}\u{2029}b\""],
        ),
    ]);
}

#[test]
fn one_mark_of_utf8_at_the_beginning_is_none_of_the_data() {
    read(&[
        ("\u{feff}data:1\n\n", &["1"]),
        ("\u{feff}\n\ndata:1\n\n", &["1"]),
        // A second one, or one elsewhere, belongs to the line: to a field of another name.
        ("\u{feff}\u{feff}data:1\n\ndata:2\n\n", &["2"]),
        ("data:1\n\n\u{feff}data:2\n\n", &["1"]),
    ]);
}

#[test]
fn bytes_that_are_no_utf8_are_replaced() {
    assert_eq!(events(b"data:\"\xff\"\n\n"), ["\"\u{fffd}\""]);
    assert_eq!(events(b"\xffdata:1\n\ndata:2\n\n"), ["2"]);
}

#[test]
fn a_line_that_begins_with_a_colon_is_a_comment() {
    read(&[
        (":\n:\n\n: data:1\n:data:2\n\ndata:3\n\n", &["3"]),
        // Also in the middle of an event.
        ("data:[1,\n: still there\n:\ndata:2]\n\n", &["[1, 2]"]),
    ]);
}

#[test]
fn a_field_ends_at_its_first_colon_and_one_space_goes() {
    read(&[
        ("data:1\n\n", &["1"]),
        ("data: 1\n\n", &["1"]),
        ("data:\"a: b\"\n\n", &["\"a: b\""]),
        // One space only; white space around JSON means nothing.
        ("data:  1 \n\n", &["1"]),
        // The standard's own example: both are the same event.
        (
            "data:\"test\"\n\ndata: \"test\"\n\n",
            &["\"test\"", "\"test\""],
        ),
    ]);
}

#[test]
fn other_fields_and_other_spellings_are_ignored() {
    read(&[
        (
            "DATA:1\nData:2\n data:3\ndata :4\ndatum:5\n\ndata:6\n\n",
            &["6"],
        ),
        ("foo\nfoo:bar\n=\n\u{1f600}:x\ndata:1\n\n", &["1"]),
        (
            "id:7\nid\nid:\nretry:10\nretry:soon\nretry\ndata:1\n\n",
            &["1"],
        ),
        // An id with a NUL, which the standard ignores, too.
        ("id:a\u{0}b\ndata:1\n\n", &["1"]),
    ]);
}

#[test]
fn lines_of_one_event_are_one_data() {
    read(&[
        // The standard joins by a line feed; between parts of JSON a space is the same.
        ("data:{\"a\":\ndata:[1,\ndata:2]}\n\n", &["{\"a\": [1, 2]}"]),
        ("data:{\ndata:\ndata:}\n\n", &["{  }"]),
    ]);
    // In the middle of a string, where a line feed would be no JSON either, the space is what is read.
    read(&[("data:\"a\ndata:b\"\n\n", &["\"a b\""])]);
}

#[test]
fn an_event_without_data_is_none() {
    read(&[
        ("\n\n\n\n", &[]),
        ("event:chunk\n\n", &[]),
        // The standard's example, which dispatches two events without text there.
        ("data\n\ndata\ndata\n\ndata:", &[]),
        ("data:\n\ndata: \n\ndata:1\n\n", &["1"]),
    ]);
}

#[test]
fn a_name_holds_for_its_own_event_only() {
    read(&[
        ("event:add\ndata:1\n\ndata:2\n\n", &["1", "2"]),
        ("event:error\n\ndata:{\"m\":1}\n\n", &["{\"m\":1}"]),
        (
            "event:error\ndata:{\"m\":1}\n\ndata:{\"m\":2}\n\n",
            &["{\"error\":{\"m\":1}}", "{\"m\":2}"],
        ),
        // The last name counts.
        (
            "event:error\nevent:chunk\ndata:{\"m\":1}\n\n",
            &["{\"m\":1}"],
        ),
        (
            "data:{\"m\":1}\nevent:error\n\n",
            &["{\"error\":{\"m\":1}}"],
        ),
    ]);
}

#[test]
fn the_standards_stream_of_four_blocks() {
    let stream = ": test stream\n\ndata: \"first event\"\nid: 1\n\ndata:\"second event\"\nid\n\ndata:  \"third event\"\n";
    // The standard discards the third: no empty line follows it.
    read(&[(
        stream,
        &["\"first event\"", "\"second event\"", "\"third event\""],
    )]);
}

#[test]
fn an_event_that_is_not_whole_is_discarded() {
    read(&[
        ("data:1\n\ndata:2", &["1"]),
        ("data:1\n\ndata:[2\ndata:]", &["1"]),
        ("data:1\n\ndat", &["1"]),
        ("data:1\n\n:", &["1"]),
    ]);
    // Its lines may all be whole without its JSON being so.
    let mut cut = Events::default();
    cut.take(b"data:[1,\n").unwrap();
    assert!(matches!(cut.end(), Err(Unusable::NotJson { .. })));
}
