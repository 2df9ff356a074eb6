//! The way back to the end of a pane that grows.

use yew::prelude::*;

use super::follow::Follow;
use super::icon::{Icon, small_icon};
use crate::text;

/// A button over the pane's end, as long as something came that is not in view.
pub(crate) fn latest(follow: &Follow) -> Html {
    if !follow.is_behind {
        return Html::default();
    }
    let onclick = follow.to_end.reform(|_: MouseEvent| ());
    html! { <div class="latest"><button type="button" class="btn btn--small" {onclick}>{ small_icon(Icon::Down) }{ text::LATEST }</button></div> }
}
