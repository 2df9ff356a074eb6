//! An answer that wants to be more than text.

use super::link::leads;
use super::{Block, Inline, parse};

/// What a model may write that was told to attack the window.
pub(crate) const ANSWER: &str = include_str!("hostile.md");

fn each<'a>(blocks: &'a [Block], take: &mut impl FnMut(&'a Inline)) {
    for block in blocks {
        match block {
            Block::Paragraph(pieces) | Block::Line(pieces) | Block::Heading(_, pieces) => {
                inlines(pieces, take);
            }
            Block::List(_, items) => items.iter().for_each(|item| each(item, take)),
            Block::Quote(inner) => each(inner, take),
            Block::Table(table) => {
                let cells = table.head.iter().chain(table.rows.iter().flatten());
                cells.for_each(|cell| inlines(cell, take));
            }
            Block::Code(_) | Block::Rule => {}
        }
    }
}

fn inlines<'a>(pieces: &'a [Inline], take: &mut impl FnMut(&'a Inline)) {
    for piece in pieces {
        take(piece);
        match piece {
            Inline::Strong(inner)
            | Inline::Emphasis(inner)
            | Inline::Struck(inner)
            | Inline::Link(inner, _) => inlines(inner, take),
            _ => {}
        }
    }
}

#[test]
fn nothing_of_it_is_lost_and_none_of_it_is_more_than_text() {
    let document = parse(ANSWER);
    let (mut text, mut links, mut images) = (String::new(), Vec::new(), Vec::new());
    each(&document.blocks, &mut |piece| match piece {
        Inline::Text(words) => text.push_str(words),
        Inline::Link(_, address) => links.push(address.as_str()),
        Inline::Image(_, address) => images.push(address.as_str()),
        _ => {}
    });
    for shown in [
        "<script>document.body.innerHTML",
        "<img src=x onerror=",
        "<style>* { position: fixed",
        "<svg onload=",
        "<iframe src=",
        "<button onclick=",
        "<form action=",
        "\u{202e}",
    ] {
        assert!(
            text.contains(shown),
            "{shown:?} is not shown as it was written"
        );
    }
    assert_eq!(
        images,
        ["https://tracker.example/pixel.png"],
        "it is an address, never loaded"
    );
    assert!(links.len() >= 6, "{links:?}");
    for link in &links {
        let opens = leads(link).is_some();
        assert_eq!(opens, *link == "https://evil.example/login", "{link:?}");
    }
}

#[test]
fn a_name_of_five_thousand_characters_is_cut_by_its_place_and_not_here() {
    let name = "n".repeat(5_000);
    let document = parse(&format!("## {name}\n\n`{name}`"));
    assert_eq!((document.blocks.len(), document.left_out), (2, 0));
}
