//! From the tree to the page.

use yew::prelude::*;

use super::link::Link;
use super::{Block, Document, Inline, Table};
use crate::components::{exact, prose};
use crate::{format, text};

/// The document as the page shows it.
pub(crate) fn view(document: Document) -> Html {
    view_ending(document, Html::default())
}

/// The document with something at the end of its last line.
pub(crate) fn view_ending(mut document: Document, ending: Html) -> Html {
    let last = document.blocks.pop();
    // A list of its own: beside what has no key, keys would count for nothing, and each new block would have all of
    // them drawn anew.
    let finished = document.blocks.into_iter().enumerate();
    let finished: Html = finished
        .map(|(place, block)| html! { <Finished key={place} {block} /> })
        .collect();
    let ended = match last {
        Some(last) => block_ending(&last, ending),
        None => ending,
    };
    html! {
        <>
            { finished }
            { ended }
            if document.left_out > 0 {
                <p class="t3">{ text::text_left_out(&format::bytes(document.left_out)) }</p>
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct FinishedProps {
    block: Block,
}

/// A block that others follow: while an answer streams it is drawn once, and not with each frame.
#[component]
fn Finished(props: &FinishedProps) -> Html {
    block(&props.block)
}

fn blocks_ending(blocks: &[Block], ending: Html) -> Html {
    let Some((last, before)) = blocks.split_last() else {
        return ending;
    };
    html! { <>{ for before.iter().map(block) }{ block_ending(last, ending) }</> }
}

/// What ends a text stands in its last line, also where that is in a list; below what has no lines of words.
fn block_ending(block: &Block, ending: Html) -> Html {
    match block {
        Block::Paragraph(pieces) => {
            html! { <p>{ inlines(pieces) }{ "\u{a0}" }{ ending }</p> }
        }
        Block::Line(pieces) => html! { <>{ inlines(pieces) }{ "\u{a0}" }{ ending }</> },
        Block::List(None, items) => html! { <ul>{ items_ending(items, ending) }</ul> },
        Block::List(Some(start), items) => {
            html! { <ol start={start.to_string()}>{ items_ending(items, ending) }</ol> }
        }
        Block::Quote(blocks) => {
            html! { <blockquote>{ blocks_ending(blocks, ending) }</blockquote> }
        }
        other => html! { <>{ self::block(other) }{ ending }</> },
    }
}

fn items_ending(items: &[Vec<Block>], ending: Html) -> Html {
    let Some((last, before)) = items.split_last() else {
        return ending;
    };
    html! { <>{ for before.iter().map(|item| self::item(item)) }<li>{ blocks_ending(last, ending) }</li></> }
}

fn block(block: &Block) -> Html {
    match block {
        Block::Paragraph(pieces) => html! { <p>{ inlines(pieces) }</p> },
        Block::Line(pieces) => inlines(pieces),
        Block::Heading(1 | 2, pieces) => html! { <h3 class="read__head">{ inlines(pieces) }</h3> },
        Block::Heading(_, pieces) => {
            html! { <h4 class="read__head read__head--small">{ inlines(pieces) }</h4> }
        }
        Block::List(None, items) => {
            html! { <ul>{ for items.iter().map(|item| self::item(item)) }</ul> }
        }
        Block::List(Some(start), items) => {
            html! { <ol start={start.to_string()}>{ for items.iter().map(|item| self::item(item)) }</ol> }
        }
        Block::Quote(blocks) => {
            html! { <blockquote>{ for blocks.iter().map(self::block) }</blockquote> }
        }
        Block::Code(code) => html! { <pre class="well code" tabindex="0">{ prose(code) }</pre> },
        Block::Table(table) => self::table(table),
        Block::Rule => html! { <hr class="hair" /> },
    }
}

fn item(blocks: &[Block]) -> Html {
    html! { <li>{ for blocks.iter().map(block) }</li> }
}

fn table(table: &Table) -> Html {
    let side = |column: usize| {
        table
            .right
            .get(column)
            .copied()
            .unwrap_or(false)
            .then_some("r")
    };
    html! {
        <div class="read__table scroll" tabindex="0">
            <table class="table table--plain">
                <thead><tr>
                    { for table.head.iter().enumerate().map(|(column, cell)| html! { <th class={classes!(side(column))}>{ inlines(cell) }</th> }) }
                </tr></thead>
                <tbody>
                    { for table.rows.iter().map(|row| html! {
                        <tr>{ for row.iter().enumerate().map(|(column, cell)| html! { <td class={classes!(side(column))}>{ inlines(cell) }</td> }) }</tr>
                    }) }
                </tbody>
            </table>
        </div>
    }
}

fn inlines(pieces: &[Inline]) -> Html {
    pieces.iter().map(inline).collect()
}

fn inline(piece: &Inline) -> Html {
    match piece {
        Inline::Text(text) => prose(text),
        Inline::Code(code) => html! { <code>{ prose(code) }</code> },
        Inline::Strong(pieces) => html! { <strong>{ inlines(pieces) }</strong> },
        Inline::Emphasis(pieces) => html! { <em>{ inlines(pieces) }</em> },
        Inline::Struck(pieces) => html! { <s>{ inlines(pieces) }</s> },
        Inline::Link(pieces, address) => {
            let names_itself = matches!(pieces.as_slice(), [Inline::Text(text)] if text == address);
            html! {
                <Link address={address.clone()}>if !names_itself { { inlines(pieces) }{ " " } }</Link>
            }
        }
        Inline::Image(description, address) => html! {
            <span class="address">{ prose(&text::image(description)) }{ " " }<span class="address__to">{ exact(address) }</span></span>
        },
        Inline::Tick(done) => html! { <span class="t2">{ if *done { "☑ " } else { "☐ " } }</span> },
        Inline::Break => html! { <br /> },
    }
}
