//! Images and documents that go with a message: chosen, dropped or pasted.

use std::rc::Rc;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use js_sys::Uint8Array;
use slipway_contract::message::NewFile;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File, FileList, HtmlInputElement};
use yew::prelude::*;

use super::button::{Button, Kind};
use super::exact::exact;
use super::icon::{Icon, icon};
use crate::{format, text};

/// What the host takes, said here before anything is read.
const MOST_FILES: usize = 20;
const LARGEST: usize = 20 << 20;
const LARGEST_TOGETHER: usize = 32 << 20;

/// What the system's dialog offers.
const ACCEPTED: &str = "image/png,image/jpeg,image/gif,image/webp,application/pdf";

/// A file that goes with a message.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Attached {
    file: Rc<NewFile>,
    bytes: usize,
}

/// The files, and what was wrong with the last one.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Files {
    attached: Vec<Attached>,
    problem: Option<String>,
}

/// What happens to the files.
pub(crate) enum Change {
    Add(String, Vec<u8>),
    Refuse(String),
    Remove(usize),
    Clear,
}

impl Reducible for Files {
    type Action = Change;

    fn reduce(self: Rc<Self>, change: Change) -> Rc<Self> {
        let mut files = (*self).clone();
        files.problem = None;
        match change {
            Change::Add(name, bytes) => match files.refusal(&name, &bytes) {
                Some(problem) => files.problem = Some(problem),
                None => files.attached.push(Attached {
                    bytes: bytes.len(),
                    file: Rc::new(NewFile {
                        name,
                        data: BASE64_STANDARD.encode(&bytes),
                    }),
                }),
            },
            Change::Refuse(problem) => files.problem = Some(problem),
            Change::Remove(place) if place < files.attached.len() => {
                files.attached.remove(place);
            }
            Change::Remove(_) => {}
            Change::Clear => files.attached.clear(),
        }
        Rc::new(files)
    }
}

impl Files {
    fn refusal(&self, name: &str, bytes: &[u8]) -> Option<String> {
        let together: usize = self.attached.iter().map(|attached| attached.bytes).sum();
        if self.attached.len() >= MOST_FILES {
            Some(text::too_many_files(MOST_FILES))
        } else if bytes.is_empty() {
            Some(text::is_empty_file(name))
        } else if bytes.len() > LARGEST {
            Some(text::too_large(name, &format::bytes(LARGEST)))
        } else if together + bytes.len() > LARGEST_TOGETHER {
            Some(text::too_large_together(&format::bytes(LARGEST_TOGETHER)))
        } else if !is_attachable(bytes) {
            Some(text::not_attachable(name))
        } else {
            None
        }
    }

    /// The files as they are sent.
    pub(crate) fn sent(&self) -> Vec<NewFile> {
        let files = self.attached.iter();
        files
            .map(|attached| NewFile::clone(&attached.file))
            .collect()
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.attached.is_empty()
    }
}

/// Whether a model can be shown it, by the signature at its beginning: names lie.
fn is_attachable(bytes: &[u8]) -> bool {
    let signatures: [&[u8]; 5] = [
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"GIF87a",
        b"GIF89a",
        b"%PDF-",
    ];
    signatures
        .iter()
        .any(|signature| bytes.starts_with(signature))
        || (bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP"))
}

/// Takes what was dropped or pasted, if it holds files.
pub(crate) fn take(transfer: Option<DataTransfer>, files: &UseReducerHandle<Files>) -> bool {
    let found = transfer.and_then(|transfer| transfer.files());
    found.is_some_and(|found| {
        read_all(&found, files);
        found.length() > 0
    })
}

fn read_all(list: &FileList, files: &UseReducerHandle<Files>) {
    for at in 0..list.length() {
        if let Some(file) = list.item(at) {
            wasm_bindgen_futures::spawn_local(read(file, files.dispatcher()));
        }
    }
}

async fn read(file: File, files: UseReducerDispatcher<Files>) {
    let name = file.name();
    #[expect(clippy::cast_precision_loss, reason = "it is far below 2^53")]
    if file.size() > LARGEST as f64 {
        // It is not read at all.
        files.dispatch(Change::Refuse(text::too_large(
            &name,
            &format::bytes(LARGEST),
        )));
        return;
    }
    files.dispatch(match JsFuture::from(file.array_buffer()).await {
        Ok(buffer) => Change::Add(name, Uint8Array::new(&buffer).to_vec()),
        Err(_) => Change::Refuse(text::not_read(&name)),
    });
}

/// Whose files they are.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    /// The files.
    pub(crate) files: UseReducerHandle<Files>,
}

/// The button that asks for files.
#[component]
pub(crate) fn AddFile(props: &Props) -> Html {
    let input = use_node_ref();
    let onclick = {
        let input = input.clone();
        Callback::from(move |()| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                input.click();
            }
        })
    };
    let onchange = {
        let (input, files) = (input.clone(), props.files.clone());
        Callback::from(move |_: Event| {
            if let Some(input) = input.cast::<HtmlInputElement>() {
                if let Some(list) = input.files() {
                    read_all(&list, &files);
                }
                // The same file can be chosen once more after it was removed.
                input.set_value("");
            }
        })
    };
    html! {
        <>
            <Button label={text::ADD_FILE} icon={Icon::Plus} icon_only=true small=true kind={Kind::Quiet} {onclick} />
            <input ref={input} type="file" hidden=true multiple=true accept={ACCEPTED} tabindex="-1" aria-label={text::ADD_FILE} {onchange} />
        </>
    }
}

/// The files that go with it, each with a way to leave it out, and what was wrong with one that does not.
#[component]
pub(crate) fn AttachedFiles(props: &Props) -> Html {
    let files = &props.files;
    let one = |(place, attached): (usize, &Attached)| {
        let remove = {
            let files = files.dispatcher();
            Callback::from(move |()| files.dispatch(Change::Remove(place)))
        };
        let name = &attached.file.name;
        html! {
            <li class="well filechip" key={place}>
                { icon(Icon::File) }<span class="path clip" title={name.clone()}>{ exact(name) }</span>
                <span class="small t3 num">{ format::bytes(attached.bytes) }</span>
                <Button label={text::remove_file(name)} icon={Icon::X} icon_only=true small=true kind={Kind::Quiet} onclick={remove} />
            </li>
        }
    };
    html! {
        <>
            if !files.is_empty() { <ul class="attached" aria-label={text::ATTACHED}>{ for files.attached.iter().enumerate().map(one) }</ul> }
            if let Some(problem) = &files.problem { <p class="attached__problem small is-failed" role="alert">{ exact(problem) }</p> }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn add(files: Rc<Files>, name: &str, bytes: &[u8]) -> Rc<Files> {
        files.reduce(Change::Add(name.to_owned(), bytes.to_vec()))
    }

    #[test]
    fn files_are_taken_by_what_is_in_them() {
        let files = add(Rc::new(Files::default()), "photo.txt", b"%PDF-1.7 ...");
        assert_eq!(files.sent().len(), 1);
        let refused = add(files, "drawing.png", b"<svg onload=alert(1)>");
        assert_eq!(refused.sent().len(), 1, "what was attached before stays");
        assert!(
            refused
                .problem
                .as_ref()
                .unwrap()
                .starts_with("drawing.png is no PNG")
        );
        let cleared = refused.reduce(Change::Remove(0)).reduce(Change::Remove(9));
        assert_eq!(
            (cleared.is_empty(), cleared.problem.is_none()),
            (true, true)
        );
    }

    #[test]
    fn too_much_is_refused_and_nothing_is_lost() {
        let large = [&b"%PDF-"[..], &vec![0; 17 << 20]].concat();
        let one = add(Rc::new(Files::default()), "a.pdf", &large);
        let two = add(one, "b.pdf", &large);
        assert_eq!(two.sent().len(), 1);
        assert!(two.problem.as_ref().unwrap().contains("in all"));
        let many = (0..=MOST_FILES).fold(Rc::new(Files::default()), |files, _| {
            add(files, "c.pdf", b"%PDF-")
        });
        assert_eq!(many.sent().len(), MOST_FILES);
        assert!(many.problem.is_some());
    }
}
