//! A file of the draft while it is being written: what was read, what is written by now, and whether it is saved.

use std::rc::Rc;

use slipway_contract::draft::DraftText;
use slipway_contract::{ContentHash, Problem};

/// Where the text stands.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::pages) enum Standing {
    /// The host has it.
    Saved,
    /// It was changed since.
    Changed,
    /// It could not be saved; it is tried again.
    Failed(Rc<Problem>),
    /// Somebody else saved another one meanwhile, which is this.
    Conflict(Rc<DraftText>),
}

/// A file while it is being written.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::pages) struct Sheet {
    /// The text, with line feeds alone.
    pub(in crate::pages) text: Rc<str>,
    /// The text in the newest version, in the same way.
    pub(in crate::pages) base: Option<Rc<str>>,
    /// The content that is changed.
    pub(in crate::pages) seen: ContentHash,
    /// Where it stands.
    pub(in crate::pages) standing: Standing,
    /// Changes whenever the text is another than was typed.
    pub(in crate::pages) revision: u32,
    /// Its lines end in carriage return and line feed, which a text area does not keep.
    is_crlf: bool,
}

impl Sheet {
    /// A file as it was read; none for one that is no text.
    pub(in crate::pages) fn of(read: &DraftText) -> Option<Self> {
        let text = read.text.as_deref()?;
        Some(Self {
            is_crlf: text.contains("\r\n"),
            text: plain(text),
            base: Some(read.base.as_deref().map_or_else(|| Rc::from(""), plain)),
            seen: read.content,
            standing: Standing::Saved,
            revision: 0,
        })
    }

    /// Something was typed. A conflict stays one until it is settled.
    pub(in crate::pages) fn type_in(&mut self, text: Rc<str>) {
        if self.text != text {
            self.text = text;
            if !matches!(self.standing, Standing::Conflict(_)) {
                self.standing = Standing::Changed;
            }
        }
    }

    /// The text is another one, without anybody having typed it.
    pub(in crate::pages) fn replace(&mut self, text: &str) {
        self.type_in(plain(text));
        self.revision += 1;
    }

    /// What is sent to the host.
    pub(in crate::pages) fn to_save(&self) -> String {
        if self.is_crlf {
            self.text.replace('\n', "\r\n")
        } else {
            self.text.to_string()
        }
    }

    /// The host has `sent` now, under this hash.
    pub(in crate::pages) fn saved(&mut self, sent: &str, content: ContentHash) {
        self.seen = content;
        self.standing = if self.to_save() == sent {
            Standing::Saved
        } else {
            Standing::Changed
        };
    }

    /// The host did not take it.
    pub(in crate::pages) fn refused(&mut self, problem: Problem) {
        self.standing = Standing::Failed(Rc::new(problem));
    }

    /// Somebody else saved another text. Where it is the same, there is nothing to settle.
    pub(in crate::pages) fn conflicts(&mut self, theirs: DraftText) {
        if theirs.text.as_deref() == Some(&*self.to_save()) {
            self.seen = theirs.content;
            self.standing = Standing::Saved;
        } else {
            self.standing = Standing::Conflict(Rc::new(theirs));
        }
    }

    /// The file was read again. What is written here and not saved stays.
    pub(in crate::pages) fn read_again(&mut self, read: &DraftText) {
        let Some(fresh) = Self::of(read) else {
            return;
        };
        self.base = fresh.base;
        if self.is_clean() && self.seen != fresh.seen {
            self.is_crlf = fresh.is_crlf;
            self.seen = fresh.seen;
            if self.text != fresh.text {
                self.text = fresh.text;
                self.revision += 1;
            }
        }
    }

    /// Whether the host has all of it.
    pub(in crate::pages) fn is_clean(&self) -> bool {
        self.standing == Standing::Saved
    }

    /// Whether saving it can be tried.
    pub(in crate::pages) fn may_save(&self) -> bool {
        matches!(self.standing, Standing::Changed | Standing::Failed(_))
    }
}

fn plain(text: &str) -> Rc<str> {
    if text.contains('\r') {
        Rc::from(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Rc::from(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use slipway_contract::ErrorCode;

    fn hash(byte: u8) -> ContentHash {
        ContentHash::from_bytes([byte; 32])
    }

    fn read(text: &str, content: u8) -> DraftText {
        DraftText {
            path: "instructions.md".to_owned(),
            content: hash(content),
            size: text.len() as u64,
            text: Some(text.to_owned()),
            base: Some("base".to_owned()),
        }
    }

    fn sheet(text: &str) -> Sheet {
        Sheet::of(&read(text, 1)).unwrap()
    }

    #[test]
    fn what_is_typed_while_it_is_saved_is_saved_next() {
        let mut sheet = sheet("a");
        sheet.type_in("ab".into());
        let sent = sheet.to_save();
        sheet.type_in("abc".into());
        sheet.saved(&sent, hash(2));
        assert_eq!(
            (sheet.standing.clone(), sheet.seen),
            (Standing::Changed, hash(2))
        );
        sheet.saved("abc", hash(3));
        assert!(sheet.is_clean());
        assert_eq!(sheet.revision, 0, "nothing was put into the text area");
    }

    #[test]
    fn a_text_that_could_not_be_saved_stays_and_is_tried_again() {
        let mut sheet = sheet("a");
        sheet.type_in("ab".into());
        sheet.refused(Problem::new(ErrorCode::Storage, "the disk is full"));
        assert!(sheet.may_save() && !sheet.is_clean());
        assert_eq!(sheet.to_save(), "ab");
    }

    #[test]
    fn two_texts_are_a_conflict_and_the_same_text_twice_is_none() {
        let mut one = sheet("a");
        one.type_in("mine".into());
        one.conflicts(read("theirs", 9));
        assert!(!one.may_save() && !one.is_clean());
        one.type_in("mine, and more".into());
        assert!(
            matches!(one.standing, Standing::Conflict(_)),
            "typing settles nothing"
        );
        let mut other = sheet("a");
        other.type_in("same".into());
        other.conflicts(read("same", 9));
        assert_eq!((other.is_clean(), other.seen), (true, hash(9)));
    }

    #[test]
    fn what_others_saved_is_shown_unless_something_is_written_here() {
        let mut clean = sheet("a");
        clean.read_again(&read("theirs", 2));
        assert_eq!(
            (&*clean.text, clean.revision, clean.seen),
            ("theirs", 1, hash(2))
        );
        let mut dirty = sheet("a");
        dirty.type_in("mine".into());
        dirty.read_again(&read("theirs", 2));
        assert_eq!(
            (&*dirty.text, dirty.seen),
            ("mine", hash(1)),
            "the host has to refuse it"
        );
    }

    #[test]
    fn the_ends_of_lines_stay_as_the_author_has_them() {
        let mut sheet = sheet("a\r\nb\r\n");
        assert_eq!(&*sheet.text, "a\nb\n");
        sheet.type_in("a\nB\n".into());
        assert_eq!(sheet.to_save(), "a\r\nB\r\n");
        let mut binary = read("x", 1);
        binary.text = None;
        assert!(Sheet::of(&binary).is_none());
    }
}
