//! Which characters a person sees as what they are.

/// Whether a character could deceive a person who decides about the text it stands in: it shows
/// as nothing or as a plain space, or it changes how others are shown. A line feed and a tab are
/// left to the one who shows the text.
#[must_use]
pub fn deceives(character: char) -> bool {
    match character {
        ' ' | '\n' | '\t' => false,
        other if other.is_control() || other.is_whitespace() => true,
        // Unicode's format characters, fillers, blanks and selectors of variants.
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{13430}'..='\u{1343f}'
        | '\u{16fe4}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d159}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => true,
        // Characters that a font of one's own may show as anything.
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' => true,
        _ => false,
    }
}

/// JSON in which every character that deceives is written as its code. It stays the same JSON:
/// outside of its strings there are no such characters.
#[must_use]
pub fn json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut units = [0; 2];
    for character in json.chars() {
        if deceives(character) {
            for unit in character.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shows_as_something_else_deceives() {
        for character in [
            '\u{1b}',
            '\r',
            '\u{7f}',
            '\u{9b}',
            '\u{a0}',
            '\u{200b}',
            '\u{200d}',
            '\u{202e}',
            '\u{2066}',
            '\u{2003}',
            '\u{2800}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{e0041}',
            '\u{f8ff}',
            '\u{10fffd}',
        ] {
            assert!(deceives(character), "{:x}", u32::from(character));
        }
        for character in "aZ0 \n\t-_./ßé日本領収書😀\u{301}".chars() {
            assert!(!deceives(character), "{character:?}");
        }
    }

    #[test]
    fn json_stays_the_same_json() {
        let value = serde_json::json!({"a\u{200b}": ["\u{202e}\u{e0041}\u{9b}é\n", 1.0]});
        let shown = json(&value.to_string());
        assert!(!shown.chars().any(deceives), "{shown}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&shown).unwrap(),
            value
        );
    }
}
