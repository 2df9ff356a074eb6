//! An image that came as bytes. It is known by what is in it, and nothing is ever loaded for it.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::Value;
use slipway_contract::message::Media;
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag, Url};
use yew::prelude::*;

use crate::{format, text};

/// A larger file is not shown: a page is not the place to look at it.
const MOST_BYTES: usize = 16 << 20;

/// More dots than these would take the window's memory, whatever the file's size.
const MOST_DOTS: u64 = 40_000_000;

/// An image's bytes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Picture {
    bytes: Vec<u8>,
    look: Option<Look>,
}

/// What an image is, by its own bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    media: Media,
    width: u32,
    height: u32,
}

impl Picture {
    /// The image that a result is: as tools of MCP give it, or as an address that holds its bytes.
    pub(super) fn of(result: &Value) -> Option<Self> {
        match result {
            Value::String(address) => {
                let (kind, data) = address.strip_prefix("data:image/")?.split_once(',')?;
                kind.ends_with(";base64").then(|| Self::read(data))?
            }
            Value::Object(fields) => {
                let text = |name: &str| fields.get(name).and_then(Value::as_str);
                let kind = ["mimeType", "mime_type", "media_type"]
                    .into_iter()
                    .find_map(text);
                kind.filter(|kind| kind.starts_with("image/"))?;
                Self::read(text("data")?)
            }
            Value::Array(parts) => parts
                .iter()
                .filter(|part| part.is_object())
                .find_map(Self::of),
            _ => None,
        }
    }

    fn read(data: &str) -> Option<Self> {
        if data.len() / 4 * 3 > MOST_BYTES {
            return None;
        }
        let bytes = BASE64_STANDARD.decode(data.trim()).ok()?;
        let look = look(&bytes);
        Some(Self { bytes, look })
    }
}

/// What the bytes are and how large the image is; none for what is no image that is shown, a drawing in SVG above all.
fn look(bytes: &[u8]) -> Option<Look> {
    let big = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let little = |at: usize| {
        Some(u32::from(u16::from_le_bytes(
            bytes.get(at..at + 2)?.try_into().ok()?,
        )))
    };
    let (media, width, height) = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        (Media::Png, big(16)?, big(20)?)
    } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        (Media::Gif, little(6)?, little(8)?)
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        let (width, height) = jpeg(bytes)?;
        (Media::Jpeg, width, height)
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        let (width, height) = webp(bytes)?;
        (Media::Webp, width, height)
    } else {
        return None;
    };
    let dots = u64::from(width) * u64::from(height);
    (1..=MOST_DOTS).contains(&dots).then_some(Look {
        media,
        width,
        height,
    })
}

/// The size in a JPEG's frame header (ITU-T T.81, B.2.2).
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let word = |at: usize| Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        match *bytes.get(at + 1)? {
            0xff => at += 1,
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return Some((u32::from(word(at + 7)?), u32::from(word(at + 5)?)));
            }
            0xd8..=0xda => return None,
            _ => at += 2 + usize::from(word(at + 2)?.max(2)),
        }
    }
}

/// The size in the first chunk of a WebP (RFC 9649).
fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    let byte = |at: usize| bytes.get(at).copied().map(u32::from);
    let three = |at: usize| Some(byte(at)? | byte(at + 1)? << 8 | byte(at + 2)? << 16);
    match bytes.get(12..16)? {
        b"VP8X" => Some((three(24)? + 1, three(27)? + 1)),
        b"VP8L" => {
            let bits = three(21)? | byte(24)? << 24;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8 " => Some((
            (byte(26)? | byte(27)? << 8) & 0x3fff,
            (byte(28)? | byte(29)? << 8) & 0x3fff,
        )),
        _ => None,
    }
}

#[derive(Properties, PartialEq)]
pub(super) struct Props {
    pub(super) picture: Picture,
}

/// The image, from its bytes alone.
#[component]
pub(super) fn Image(props: &Props) -> Html {
    let address = use_state_eq(|| None::<AttrValue>);
    {
        let address = address.clone();
        use_effect_with(props.picture.clone(), move |picture| {
            let made = picture
                .look
                .and_then(|look| made(&picture.bytes, look.media));
            address.set(made.clone().map(AttrValue::from));
            move || {
                if let Some(made) = made {
                    // Fails for no address.
                    let _ = Url::revoke_object_url(&made);
                }
            }
        });
    }
    let size = format::bytes(props.picture.bytes.len());
    let Some(look) = props.picture.look else {
        return html! { <p class="small t3">{ text::image_not_shown(&size) }</p> };
    };
    let about = text::image_of(look.media.as_str(), look.width, look.height, &size);
    html! {
        <figure class="well more__image">
            if let Some(address) = &*address { <img src={address.clone()} alt={about.clone()} /> }
            <figcaption class="small t3 num">{ about }</figcaption>
        </figure>
    }
}

fn made(bytes: &[u8], media: Media) -> Option<String> {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let kind = BlobPropertyBag::new();
    kind.set_type(media.as_str());
    let blob: Result<Blob, JsValue> = Blob::new_with_u8_array_sequence_and_options(&parts, &kind);
    Url::create_object_url_with_blob(&blob.ok()?).ok()
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    /// One dot.
    pub(in super::super) const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    #[test]
    fn an_image_is_known_by_its_bytes() {
        let one = Some(Look {
            media: Media::Png,
            width: 1,
            height: 1,
        });
        for result in [
            json!({ "type": "image", "data": PNG, "mimeType": "image/gif" }),
            json!(format!("data:image/png;base64,{PNG}")),
            json!([{ "type": "text", "text": "A dot" }, { "data": PNG, "mimeType": "image/png" }]),
        ] {
            assert_eq!(Picture::of(&result).unwrap().look, one, "{result}");
        }
    }

    #[test]
    fn what_is_no_image_is_not_drawn() {
        let encoded = |bytes: &[u8]| BASE64_STANDARD.encode(bytes);
        let huge = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\x01\0\0\0\x01\0\0";
        for bytes in [
            &b"<svg onload=alert(1) xmlns='http://www.w3.org/2000/svg'/>"[..],
            huge,
            b"\xff\xd8\xff\xe0",
            b"GIF89a",
            b"",
        ] {
            let result = json!({ "data": encoded(bytes), "mimeType": "image/svg+xml" });
            assert_eq!(Picture::of(&result).unwrap().look, None);
        }
        for result in [
            json!("https://tracker.example/x.png"),
            json!({ "type": "image", "url": "https://tracker.example/x.png", "mimeType": "image/png" }),
            json!("data:text/html;base64,PHNjcmlwdD4="),
            json!({ "data": "no base64!", "mimeType": "image/png" }),
        ] {
            assert_eq!(Picture::of(&result), None, "{result}");
        }
    }

    #[test]
    fn each_format_says_how_large_it_is() {
        let jpeg = b"\xff\xd8\xff\xe0\0\x04JF\xff\xc0\0\x11\x08\0\x10\0\x20\x03";
        let webp = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x1f\0\0\x0f\0\0";
        let gif = b"GIF89a\x20\0\x10\0";
        for (bytes, media) in [
            (&jpeg[..], Media::Jpeg),
            (webp, Media::Webp),
            (gif, Media::Gif),
        ] {
            assert_eq!(
                look(bytes),
                Some(Look {
                    media,
                    width: 32,
                    height: 16
                }),
                "{media:?}"
            );
        }
    }
}
