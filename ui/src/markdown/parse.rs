//! From Markdown to the tree.

use std::iter::Peekable;

use pulldown_cmark::{Alignment, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{Block, Document, Inline, Table};

/// More than this is cut: a page is not the place to read it, and drawing it would hold the window up.
const MOST_BYTES: usize = 200_000;

/// Deeper nesting is flattened to text, so that a hostile text cannot exhaust the stack.
const DEEPEST: usize = 24;

/// Reads a text; every text is valid Markdown.
pub(crate) fn parse(text: &str) -> Document {
    let shown = text
        .get(..text.floor_char_boundary(MOST_BYTES))
        .unwrap_or(text);
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut reader = Reader {
        events: Parser::new_ext(shown, options).peekable(),
    };
    Document {
        blocks: reader.blocks(0),
        left_out: text.len() - shown.len(),
    }
}

struct Reader<'a> {
    events: Peekable<Parser<'a>>,
}

impl Reader<'_> {
    /// Blocks up to the end of what holds them, which is taken too.
    fn blocks(&mut self, depth: usize) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut line = Vec::new();
        while let Some(event) = self.events.next() {
            match event {
                Event::End(_) => break,
                Event::Start(tag) if is_block(&tag) => {
                    flush(&mut line, &mut blocks);
                    blocks.push(self.block(tag, depth + 1));
                }
                Event::Rule => {
                    flush(&mut line, &mut blocks);
                    blocks.push(Block::Rule);
                }
                other => line.extend(self.inline(other, depth)),
            }
        }
        flush(&mut line, &mut blocks);
        blocks
    }

    fn block(&mut self, tag: Tag<'_>, depth: usize) -> Block {
        if depth > DEEPEST {
            return Block::Paragraph(vec![Inline::Text(self.flat_text())]);
        }
        match tag {
            Tag::Heading { level, .. } => Block::Heading(number(level), self.inlines(depth)),
            Tag::BlockQuote(_) => Block::Quote(self.blocks(depth)),
            Tag::CodeBlock(_) => Block::Code(self.flat_text()),
            Tag::List(start) => Block::List(start, self.items(depth)),
            Tag::Table(alignments) => Block::Table(self.table(&alignments, depth)),
            // Raw HTML is text like any other.
            Tag::HtmlBlock => Block::Paragraph(vec![Inline::Text(self.flat_text())]),
            _ => Block::Paragraph(self.inlines(depth)),
        }
    }

    fn items(&mut self, depth: usize) -> Vec<Vec<Block>> {
        let mut items = Vec::new();
        while let Some(event) = self.events.next() {
            match event {
                Event::End(_) => break,
                Event::Start(_) => items.push(self.blocks(depth)),
                _ => {}
            }
        }
        items
    }

    fn table(&mut self, alignments: &[Alignment], depth: usize) -> Table {
        let right = alignments
            .iter()
            .map(|alignment| *alignment == Alignment::Right)
            .collect();
        let mut table = Table {
            right,
            ..Table::default()
        };
        while let Some(event) = self.events.next() {
            match event {
                Event::End(_) => break,
                Event::Start(Tag::TableHead) => table.head = self.cells(depth),
                Event::Start(_) => table.rows.push(self.cells(depth)),
                _ => {}
            }
        }
        table
    }

    fn cells(&mut self, depth: usize) -> Vec<Vec<Inline>> {
        let mut cells = Vec::new();
        while let Some(event) = self.events.next() {
            match event {
                Event::End(_) => break,
                Event::Start(_) => cells.push(self.inlines(depth)),
                _ => {}
            }
        }
        cells
    }

    fn inlines(&mut self, depth: usize) -> Vec<Inline> {
        let mut pieces = Vec::new();
        while let Some(event) = self.events.next() {
            if matches!(event, Event::End(_)) {
                break;
            }
            pieces.extend(self.inline(event, depth));
        }
        pieces
    }

    fn inline(&mut self, event: Event<'_>, depth: usize) -> Option<Inline> {
        Some(match event {
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => {
                Inline::Text(text.into_string())
            }
            Event::Code(text) => Inline::Code(text.into_string()),
            Event::SoftBreak => Inline::Text(" ".to_owned()),
            Event::HardBreak => Inline::Break,
            Event::TaskListMarker(done) => Inline::Tick(done),
            Event::Start(_) if depth > DEEPEST => Inline::Text(self.flat_text()),
            Event::Start(tag) => match tag {
                Tag::Strong => Inline::Strong(self.inlines(depth + 1)),
                Tag::Emphasis => Inline::Emphasis(self.inlines(depth + 1)),
                Tag::Strikethrough => Inline::Struck(self.inlines(depth + 1)),
                Tag::Link { dest_url, .. } => {
                    Inline::Link(self.inlines(depth + 1), dest_url.into_string())
                }
                Tag::Image { dest_url, .. } => {
                    Inline::Image(self.flat_text(), dest_url.into_string())
                }
                _ => Inline::Text(self.flat_text()),
            },
            _ => return None,
        })
    }

    /// All text up to the end of what was just begun.
    fn flat_text(&mut self) -> String {
        let mut text = String::new();
        let mut open = 1_usize;
        for event in self.events.by_ref() {
            match event {
                Event::Start(_) => open += 1,
                Event::End(end) => {
                    open -= 1;
                    if open == 0 {
                        break;
                    }
                    if matches!(end, TagEnd::Paragraph | TagEnd::Item) {
                        text.push(' ');
                    }
                }
                Event::Text(piece)
                | Event::Code(piece)
                | Event::Html(piece)
                | Event::InlineHtml(piece) => text.push_str(&piece),
                Event::SoftBreak | Event::HardBreak => text.push(' '),
                _ => {}
            }
        }
        text
    }
}

fn flush(line: &mut Vec<Inline>, blocks: &mut Vec<Block>) {
    if !line.is_empty() {
        blocks.push(Block::Line(std::mem::take(line)));
    }
}

fn is_block(tag: &Tag<'_>) -> bool {
    !matches!(
        tag,
        Tag::Strong | Tag::Emphasis | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
    )
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]

    use super::*;

    fn text(text: &str) -> Inline {
        Inline::Text(text.to_owned())
    }

    fn only_paragraph(source: &str) -> Vec<Inline> {
        match parse(source).blocks.as_slice() {
            [Block::Paragraph(pieces)] => pieces.clone(),
            other => panic!("{source:?} is one paragraph, not {other:?}"),
        }
    }

    #[test]
    fn emphasis_code_and_breaks_are_pieces() {
        let pieces = only_paragraph("Sum **41** _receipts_ in `out/report.md`\\\nnow");
        let expected = [
            text("Sum "),
            Inline::Strong(vec![text("41")]),
            text(" "),
            Inline::Emphasis(vec![text("receipts")]),
            text(" in "),
            Inline::Code("out/report.md".to_owned()),
            Inline::Break,
            text("now"),
        ];
        assert_eq!(pieces, expected);
    }

    #[test]
    fn html_stays_text() {
        for source in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "a <b onclick=\"x()\">b</b>",
        ] {
            let flat = format!("{:?}", parse(source).blocks);
            assert!(flat.contains("Text("), "{source}");
            let shown: String = all_text(&parse(source).blocks);
            assert_eq!(
                shown.trim_end(),
                source,
                "nothing is taken away from what the model wrote"
            );
        }
    }

    fn all_text(blocks: &[Block]) -> String {
        let pieces = blocks.iter().flat_map(|block| match block {
            Block::Paragraph(pieces) | Block::Line(pieces) => pieces.as_slice(),
            _ => &[],
        });
        let texts = pieces.map(|piece| match piece {
            Inline::Text(text) => text.as_str(),
            other => panic!("{other:?} is not text"),
        });
        texts.collect()
    }

    #[test]
    fn links_and_images_keep_their_address_as_text() {
        assert_eq!(
            only_paragraph("[here](javascript:alert(1))"),
            [Inline::Link(
                vec![text("here")],
                "javascript:alert(1)".to_owned()
            )]
        );
        assert_eq!(
            only_paragraph("![a **chart**](https://tracker.example/x.png)"),
            [Inline::Image(
                "a chart".to_owned(),
                "https://tracker.example/x.png".to_owned()
            )]
        );
    }

    #[test]
    fn tables_know_their_columns() {
        let blocks = parse("| Category | EUR |\n|---|---:|\n| Travel | 1,864.20 |\n").blocks;
        let expected = Table {
            right: vec![false, true],
            head: vec![vec![text("Category")], vec![text("EUR")]],
            rows: vec![vec![vec![text("Travel")], vec![text("1,864.20")]]],
        };
        assert_eq!(blocks, [Block::Table(expected)]);
    }

    #[test]
    fn lists_nest_and_tick() {
        let blocks = parse("- [x] one\n- two\n  1. deep\n").blocks;
        let expected = Block::List(
            None,
            vec![
                vec![Block::Line(vec![Inline::Tick(true), text("one")])],
                vec![
                    Block::Line(vec![text("two")]),
                    Block::List(Some(1), vec![vec![Block::Line(vec![text("deep")])]]),
                ],
            ],
        );
        assert_eq!(blocks, [expected]);
    }

    #[test]
    fn code_is_kept_as_it_is() {
        assert_eq!(
            parse("```rust\nlet a = 1;\n<b>\n```").blocks,
            [Block::Code("let a = 1;\n<b>\n".to_owned())]
        );
    }

    #[test]
    fn an_unfinished_stream_is_readable() {
        for cut in [
            "| a | b |\n|---",
            "**bold",
            "```\ncode",
            "[link](http",
            "- item\n-",
            "# ",
        ] {
            assert_eq!(parse(cut).left_out, 0, "{cut:?}");
        }
    }

    #[test]
    fn hostile_nesting_is_flattened() {
        let quotes = format!("{} deep", ">".repeat(5_000));
        assert!(depth(&parse(&quotes).blocks) <= DEEPEST + 1);
        let stars = format!("{}deep{}", "*a ".repeat(3_000), " a*".repeat(3_000));
        assert!(!parse(&stars).blocks.is_empty());
    }

    fn depth(blocks: &[Block]) -> usize {
        blocks
            .iter()
            .map(|block| {
                if let Block::Quote(inner) = block {
                    1 + depth(inner)
                } else {
                    1
                }
            })
            .max()
            .unwrap_or(0)
    }

    #[test]
    fn too_much_text_is_cut_between_characters() {
        let long = "ä".repeat(MOST_BYTES);
        let document = parse(&long);
        assert_eq!(document.left_out, MOST_BYTES);
        assert_eq!(all_text(&document.blocks).len(), MOST_BYTES);
    }
}
