//! Which language a text is in.

use std::fmt;

use slipway_agent::package::document::{Reader, Section, Text, Wrong, nearest};
use whatlang::Lang;

use super::subject::Content;
use super::verdict::{Explanation, Verdict, cut};

/// The most characters that are looked at: a text does not change its language late.
const LOOKED_AT: usize = 20_000;

/// Two-letter codes (ISO 639-1) of languages that people write so.
const SHORT: [(&str, Lang); 40] = [
    ("ar", Lang::Ara),
    ("bg", Lang::Bul),
    ("bn", Lang::Ben),
    ("ca", Lang::Cat),
    ("cs", Lang::Ces),
    ("da", Lang::Dan),
    ("de", Lang::Deu),
    ("el", Lang::Ell),
    ("en", Lang::Eng),
    ("es", Lang::Spa),
    ("et", Lang::Est),
    ("fa", Lang::Pes),
    ("fi", Lang::Fin),
    ("fr", Lang::Fra),
    ("he", Lang::Heb),
    ("hi", Lang::Hin),
    ("hr", Lang::Hrv),
    ("hu", Lang::Hun),
    ("id", Lang::Ind),
    ("it", Lang::Ita),
    ("ja", Lang::Jpn),
    ("ko", Lang::Kor),
    ("lt", Lang::Lit),
    ("lv", Lang::Lav),
    ("nb", Lang::Nob),
    ("nl", Lang::Nld),
    ("no", Lang::Nob),
    ("pl", Lang::Pol),
    ("pt", Lang::Por),
    ("ro", Lang::Ron),
    ("ru", Lang::Rus),
    ("sk", Lang::Slk),
    ("sl", Lang::Slv),
    ("sr", Lang::Srp),
    ("sv", Lang::Swe),
    ("ta", Lang::Tam),
    ("th", Lang::Tha),
    ("tr", Lang::Tur),
    ("uk", Lang::Ukr),
    ("zh", Lang::Cmn),
];

/// It is in this language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InLanguage(Lang);

impl InLanguage {
    pub(super) fn read(reader: &mut Reader<'_>, section: &Section<'_>) -> Option<Self> {
        let found = reader.text(section, "language", Text::Line(20))?;
        let lang = reader.parsed_or(found, |text| {
            let short = SHORT.iter().find(|(code, _)| *code == text).map(|(_, lang)| *lang);
            short.or_else(|| Lang::from_code(text)).ok_or_else(|| {
                let names = SHORT.iter().map(|(_, lang)| lang.eng_name());
                let meant = nearest(text, names.chain(Lang::all().iter().map(Lang::code)));
                let code = meant.and_then(|meant| {
                    let named = SHORT.iter().find(|(_, lang)| lang.eng_name() == meant);
                    named.map(|(code, _)| *code).or(Some(meant))
                });
                let hint = code.map(|code| format!("; did you mean {code:?}?"));
                let message = format!(
                    "expected a language's code (ISO 639), such as \"de\" or \"eng\", found {text:?}{}",
                    hint.unwrap_or_default()
                );
                Wrong::new(message).meaning(code)
            })
        })?;
        Some(Self(lang.value))
    }

    pub(super) fn judge(&self, content: &Content<'_>) -> Verdict {
        let text = content.text();
        let looked_at: String = text.chars().take(LOOKED_AT).collect();
        let Some(info) = whatlang::detect(&looked_at) else {
            let summary = "it has no words to tell a language by";
            return Verdict::Failed {
                why: Explanation::with_got(summary, &text),
            };
        };
        let sure = format!("{:.0}% sure", info.confidence() * 100.0);
        match (info.lang() == self.0, info.is_reliable()) {
            (true, _) => Verdict::Passed,
            (false, true) => {
                let got = info.lang().eng_name();
                let summary = format!("expected {}, and it is {got} ({sure})", self.0.eng_name());
                Verdict::Failed {
                    why: Explanation::with_got(summary, &text),
                }
            }
            (false, false) => Verdict::unjudged(format!(
                "it is too short to tell its language: {:?} might be {} ({sure})",
                cut(&text, 80),
                info.lang().eng_name()
            )),
        }
    }
}

impl fmt::Display for InLanguage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "is in {}", self.0.eng_name())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn languages_are_told_apart_and_doubt_is_no_pass() {
        let german = "Die Summe aller Belege beträgt 4218,60 Euro, und zwei davon fehlen noch.";
        let english = "The sum of all the receipts is 4218.60 euros, and two of them are missing.";
        let judge = |lang, text: &str| InLanguage(lang).judge(&Content::of(json!(text)));
        assert!(judge(Lang::Deu, german).is_passed());
        assert!(judge(Lang::Eng, english).is_passed());
        assert!(matches!(judge(Lang::Eng, german), Verdict::Failed { .. }));
        assert!(!judge(Lang::Fra, "ok 42").is_passed());
        assert!(!judge(Lang::Deu, "42").is_passed());
    }

    #[test]
    fn codes_are_there_once() {
        for (index, (code, _)) in SHORT.iter().enumerate() {
            assert!(
                SHORT[..index].iter().all(|(other, _)| other != code),
                "{code}"
            );
        }
    }
}
