//! Which of the cases are shown.

use slipway_contract::test::TestsPage;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::grid::{By, Grid};
use crate::components::{Choice, Icon, Look, Select, icon, small_icon};
use crate::{shortcuts, text};

/// What they are narrowed to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Narrow {
    /// Their titles hold each of these words.
    pub(super) words: String,
    /// They have this tag.
    pub(super) tag: Option<String>,
    /// They did not pass.
    pub(super) not_passed: bool,
}

impl Narrow {
    /// The places of the lines that fit.
    pub(super) fn lines(&self, grid: &Grid) -> Vec<usize> {
        let words = self.words.to_lowercase();
        let words: Vec<&str> = words.split_whitespace().collect();
        let fits = |at: &usize| {
            let line = &grid.lines[*at];
            let has_tag = |tag: &String| line.tags.contains(tag);
            words.iter().all(|word| line.words.contains(word))
                && self.tag.as_ref().is_none_or(has_tag)
                && (!self.not_passed || line.wants(grid.by))
        };
        (0..grid.lines.len()).filter(fits).collect()
    }
}

/// All tags, each once, in order.
pub(super) fn tags(page: &TestsPage) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in page.rows.iter().flat_map(|row| &row.tags) {
        if let Err(at) = tags.binary_search(tag) {
            tags.insert(at, tag.clone());
        }
    }
    tags
}

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    /// What it is now.
    pub(super) narrow: Narrow,
    /// Takes what it is to be.
    pub(super) onchange: Callback<Narrow>,
    /// The tags that there are.
    pub(super) tags: Vec<String>,
    /// By what cases are shown; none where there is no choice.
    pub(super) by: Option<By>,
    /// Shows them by this.
    pub(super) onby: Callback<By>,
}

/// The field and the chips.
#[component]
pub(super) fn Filters(props: &Props) -> Html {
    let field = shortcuts::use_find_field();
    let narrow = &props.narrow;
    let oninput = {
        let (narrow, onchange) = (narrow.clone(), props.onchange.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target_dyn_into::<HtmlInputElement>() {
                onchange.emit(Narrow {
                    words: field.value(),
                    ..narrow.clone()
                });
            }
        })
    };
    let only = {
        let (narrow, onchange) = (narrow.clone(), props.onchange.clone());
        Callback::from(move |_: MouseEvent| {
            onchange.emit(Narrow {
                not_passed: !narrow.not_passed,
                ..narrow.clone()
            });
        })
    };
    let choose = {
        let (narrow, onchange, tags) = (narrow.clone(), props.onchange.clone(), props.tags.clone());
        Callback::from(move |place: Option<usize>| {
            onchange.emit(Narrow {
                tag: place.and_then(|place| tags.get(place).cloned()),
                ..narrow.clone()
            });
        })
    };
    let models = props.by.map(|by| {
        let to = if by == By::Model { By::Version } else { By::Model };
        let onclick = props.onby.reform(move |_: MouseEvent| to);
        html! { <button type="button" class="chip" aria-pressed={(by == By::Model).to_string()} {onclick}>{ text::BY_MODEL }</button> }
    });
    html! {
        <div class="cases__narrow" role="group" aria-label={text::SHOW}>
            <label class="search">
                { small_icon(Icon::Search) }
                <input ref={field} type="search" placeholder={text::FIND_CASE} aria-label={text::FIND_CASE} value={narrow.words.clone()} {oninput} spellcheck="false" autocomplete="off" />
            </label>
            <div class="cases__chips">
                <button type="button" class="chip" aria-pressed={narrow.not_passed.to_string()} onclick={only}>{ text::NOT_PASSED }</button>
                { tag(props, &choose) }
                { for models }
            </div>
        </div>
    }
}

fn tag(props: &Props, choose: &Callback<Option<usize>>) -> Html {
    match &props.narrow.tag {
        Some(tag) => {
            let onclick = choose.reform(|_: MouseEvent| None);
            let label = text::without(text::TAG, tag);
            html! { <button type="button" class="chip" aria-pressed="true" aria-label={label.clone()} title={label} {onclick}><span class="clip">{ tag.clone() }</span>{ icon(Icon::X) }</button> }
        }
        None if props.tags.is_empty() => Html::default(),
        None => {
            let items: Vec<Choice> = props.tags.iter().cloned().map(Choice::new).collect();
            html! { <Select label={text::TAG} chosen={items.len()} {items} onchoose={choose.reform(Some)} look={Look::Chip} /> }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::grid::{Line, Spot};
    use super::*;

    fn line(title: &str, tags: &[&str]) -> Line {
        Line {
            title: title.to_owned(),
            words: title.to_lowercase(),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            row: 0,
            spots: vec![None::<Spot>],
        }
    }

    #[test]
    fn what_is_shown_has_all_that_is_asked_for() {
        let grid = Grid {
            by: By::Version,
            heads: Vec::new(),
            lines: vec![
                line("Sums match the table", &["sums"]),
                line("Asks before it posts", &[]),
            ],
            sums: Vec::new(),
        };
        let lines = |words: &str, tag: Option<&str>, not_passed| {
            let narrow = Narrow {
                words: words.to_owned(),
                tag: tag.map(str::to_owned),
                not_passed,
            };
            narrow.lines(&grid)
        };
        assert_eq!(lines("", None, false), [0, 1]);
        assert_eq!(lines("TABLE sums", None, false), [0]);
        assert_eq!(lines("", Some("sums"), false), [0]);
        assert_eq!(lines("posts", Some("sums"), false), [0_usize; 0]);
        assert_eq!(lines("", None, true), [0_usize; 0], "none was run");
    }
}
