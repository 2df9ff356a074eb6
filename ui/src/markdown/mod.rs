//! Markdown that a model wrote, shown safely: it is hostile until it is a tree of these kinds and no others.
//!
//! There is no kind for HTML and none for an image that loads, so none can be shown. A link leads nowhere before a person
//! saw where.

#[cfg(test)]
mod hostile;
mod link;
mod parse;
mod view;

pub(crate) use parse::parse;
pub(crate) use view::{view, view_ending};

/// A block of text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// Text of a tight list's item.
    Line(Vec<Inline>),
    /// A heading, 1 to 6.
    Heading(u8, Vec<Inline>),
    /// A list; numbered from a start, or with dashes.
    List(Option<u64>, Vec<Vec<Block>>),
    /// A quotation.
    Quote(Vec<Block>),
    /// Code as it is.
    Code(String),
    /// A table.
    Table(Table),
    /// A line across.
    Rule,
}

/// A table; every row has as many cells as the head.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Table {
    /// Whether a column stands at the right.
    pub(crate) right: Vec<bool>,
    /// The head's cells.
    pub(crate) head: Vec<Vec<Inline>>,
    /// The rows' cells.
    pub(crate) rows: Vec<Vec<Vec<Inline>>>,
}

/// A piece of text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Inline {
    /// Plain text.
    Text(String),
    /// Code.
    Code(String),
    /// Strong.
    Strong(Vec<Inline>),
    /// Stressed.
    Emphasis(Vec<Inline>),
    /// Struck out.
    Struck(Vec<Inline>),
    /// A link: its text, and its address as text to read and copy.
    Link(Vec<Inline>, String),
    /// An image that is not loaded: its description and its address.
    Image(String, String),
    /// A box that is ticked or not.
    Tick(bool),
    /// A new line.
    Break,
}

/// Markdown as a tree.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Document {
    /// Its blocks.
    pub(crate) blocks: Vec<Block>,
    /// Bytes at the end that are not shown, because nobody can read so much here.
    pub(crate) left_out: usize,
}
