//! Where everything is, and how much it is.

use slipway_contract::data::{DataPart, DataPlace};
use yew::prelude::*;

use crate::components::{Copy, Icon, icon};
use crate::text;

/// The folder, and what is in it by kind.
pub(super) fn place(data: &DataPlace) -> Html {
    let row = |part: &DataPart| {
        let (name, what) = text::data_kind(part.kind);
        html! {
            <li key={part.kind.as_str()}>
                <span class="medium">{ name }</span>
                <span class="small t3">{ what }</span>
                <span class="num r">{ text::data_size(part.bytes) }</span>
            </li>
        }
    };
    html! {
        <>
            <div class="data__folder">
                { icon(Icon::Folder) }
                <span class="path selectable as-written">{ data.folder.clone() }</span>
                <span class="spacer"></span>
                <b class="num strong">{ text::data_size(data.bytes) }</b>
                <Copy label={text::COPY_PATH} text={data.folder.clone()} />
            </div>
            <ul class="rows data__parts">{ for data.parts.iter().map(row) }</ul>
            if data.unread > 0 { <p class="small t3">{ text::data_unread(data.unread) }</p> }
        </>
    }
}
