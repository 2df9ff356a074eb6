//! What the tests of this module begin from.

use super::files::Files;

/// Files with every kind of path; the same as in the test vectors.
pub(super) fn sample() -> Files {
    files(&[
        ("agent.toml", b"format = 1\n"),
        ("instructions.md", b"Count.\r\n"),
        ("README.md", b""),
        ("files/Z", b"\x00\xff"),
        ("files/a.txt", b"a\n"),
        ("files/\u{e9}.txt", b"e"),
        ("recordings/october.jsonl", b"{}\n"),
        ("tests/first.toml", b"x = 1\n"),
    ])
}

pub(super) fn files(entries: &[(&str, &[u8])]) -> Files {
    let entries = entries.iter();
    let entries = entries.map(|(path, bytes)| (path.parse().unwrap(), bytes.to_vec()));
    Files::from_entries(entries).unwrap()
}

/// A package that is valid.
pub(super) fn valid() -> Files {
    files(&[
        (
            "agent.toml",
            b"format = 1\n[agent]\nname = \"counter\"\n[model]\nuse = \"local/any\"\n",
        ),
        ("instructions.md", b"Count what you are given."),
    ])
}
