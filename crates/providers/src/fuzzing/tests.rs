//! The seeds of every fuzz target, and what comes of them when they are damaged: the same on every
//! machine, so that what the fuzzer once found is found again.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{TARGETS, Target};
use crate::scripted::{Answer, OllamaModel, Reply, ScriptedServer, Trouble};

/// Damaged forms of each seed that are read.
const DAMAGED: u32 = 500;

/// Seeds and findings longer than this are read as they are.
const LONGEST: usize = 8 << 10;

fn folder(target: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/seeds")
        .join(target)
}

/// The files of a target, in the order of their names.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder(target))
        .unwrap_or_else(|error| panic!("{target}: {error}"))
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
        .iter()
        .map(|file| std::fs::read(file).unwrap())
        .collect()
}

/// A generator of numbers that are the same everywhere (xorshift).
struct Numbers(u64);

impl Numbers {
    const fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap()
    }
}

/// What readers stumble over.
const TOKENS: [&[u8]; 24] = [
    b"\n\n",
    b"\r",
    b"\r\n",
    b"data: ",
    b"event: error\n",
    b": ping\n",
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"null",
    b"-1",
    b"1e999",
    b"18446744073709551616",
    b"\xff",
    b"\xc3",
    b"\xf0\x9f\x98",
    b"\\ud800",
    b"\xef\xbb\xbf",
    b"[DONE]",
    b"\"index\":9999999999",
    b"<think>",
    b"",
];

fn damaged(seed: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=numbers.below(4) {
        let (from, to) = (
            numbers.below(bytes.len() + 1),
            numbers.below(bytes.len() + 1),
        );
        let (from, to) = (from.min(to), from.max(to));
        match numbers.below(6) {
            0 if from < bytes.len() => bytes[from] ^= 1 << numbers.below(8),
            1 => bytes.truncate(to),
            2 => drop(bytes.drain(from..to.min(from + 64))),
            3 => {
                let piece = bytes[from..to.min(from + 256)].to_vec();
                bytes.splice(to..to, piece);
            }
            4 => {
                let token = TOKENS[numbers.below(TOKENS.len())];
                bytes.splice(from..to.min(from + numbers.below(8)), token.iter().copied());
            }
            _ => {
                let token = TOKENS[numbers.below(TOKENS.len())];
                bytes.splice(from..from, token.iter().copied());
            }
        }
    }
    bytes
}

/// Reads the seeds of a target and many damaged forms of them.
fn regression(name: &str) {
    let (_, target): &(_, Target) = TARGETS.iter().find(|(one, _)| *one == name).unwrap();
    let seeds = seeds(name);
    assert!(seeds.len() >= 3, "{name} has only {} seeds", seeds.len());
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for seed in seeds {
        target(&seed);
        if seed.len() <= LONGEST {
            for _ in 0..DAMAGED {
                target(&damaged(&seed, &mut numbers));
            }
        }
    }
}

macro_rules! regressions {
    ($($name:ident),+ $(,)?) => {
        $(#[test]
        fn $name() {
            regression(stringify!($name));
        })+

        #[test]
        fn every_target_has_its_test_and_its_file() {
            let names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, [$(stringify!($name)),+]);
            let fuzz = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuzz");
            let manifest = std::fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
            for name in names {
                let file = format!("fuzz_targets/{name}.rs");
                assert!(manifest.contains(&format!("path = \"{file}\"")), "{name}");
                let text = std::fs::read_to_string(fuzz.join(file)).unwrap();
                assert!(text.contains(&format!("fuzzing::{name}(")), "{name}");
            }
        }
    };
}

regressions![
    sse,
    chat_whole,
    chat_stream,
    responses_whole,
    responses_stream,
    anthropic_whole,
    anthropic_stream,
    gemini_whole,
    gemini_stream,
    complaint,
    prompted,
    recording,
    model_lists,
];

/// The answers that stand in the seeds.
fn answers() -> Vec<(&'static str, Reply)> {
    let text = || Answer::text("Größe: 1204.55 EUR 😀").usage(1_200, 34, 1_024);
    vec![
        ("text", text().into()),
        (
            "calls",
            Answer::text("I look.")
                .and_tool("call_1", "read_file", &json!({"path": "a.txt"}))
                .and_tool("call_2", "mcp_files_stat", &json!({}))
                .into(),
        ),
        (
            "odd_calls",
            Answer::nothing()
                .and_raw_tool("", "read_file", "{\"path\": ")
                .and_raw_tool("call_1", "", "")
                .into(),
        ),
        (
            "reasoning",
            text()
                .reasoning("6 times 7 is", Some("c2lnbmVk"))
                .reasoning_tokens(12)
                .and_tool("call_1", "read_file", &json!({"path": "a.txt"}))
                .into(),
        ),
        ("refusal", Answer::nothing().refusal("I cannot.").into()),
        ("length", text().finish("length").without_usage().into()),
        ("error", Reply::trouble_amid(text(), Trouble::RateLimit)),
    ]
}

async fn body(reply: Reply, path: &str, streams: bool) -> Vec<u8> {
    let server = ScriptedServer::start([reply]).unwrap();
    let url = format!("http://{}{path}", server.address());
    let http = slipway_net::loopback_client().unwrap();
    let answer = http.post(url).json(&json!({"stream": streams}));
    answer.send().await.unwrap().bytes().await.unwrap().to_vec()
}

fn plant(target: &str, name: &str, bytes: &[u8]) {
    let folder = folder(target);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(name), bytes).unwrap();
}

/// Writes the seeds that come from scripted answers. Run it when those change:
/// `cargo test -p slipway-providers --lib -- --ignored write_seeds`.
#[tokio::test]
#[ignore = "writes seeds into the checkout: run by hand when the scripted answers change"]
async fn write_seeds() {
    for (target, whole, streamed) in [
        ("chat", "/v1/chat/completions", "/v1/chat/completions"),
        ("responses", "/v1/responses", "/v1/responses"),
        ("anthropic", "/v1/messages", "/v1/messages"),
        ("gemini", "/m:generateContent", "/m:streamGenerateContent"),
    ] {
        for (name, reply) in answers() {
            let bytes = body(reply.clone(), whole, false).await;
            plant(&format!("{target}_whole"), name, &bytes);
            let bytes = body(reply, streamed, true).await;
            plant(&format!("{target}_stream"), name, &bytes);
        }
        for trouble in [
            Trouble::Authentication,
            Trouble::Quota,
            Trouble::RateLimit,
            Trouble::ContextTooLong,
            Trouble::NotFound,
        ] {
            let bytes = body(Reply::trouble(trouble), whole, false).await;
            plant(
                "complaint",
                &format!("{target}_{trouble:?}").to_lowercase(),
                &bytes,
            );
        }
    }
    let asked: &[(&str, ScriptedServer, &str)] = &[
        (
            "ollama_tags",
            ScriptedServer::start(Vec::<Reply>::new())
                .unwrap()
                .as_ollama(&[OllamaModel::new(
                    "llama3.2:latest",
                    &["completion", "tools"],
                )]),
            "/api/tags",
        ),
        (
            "llama_cpp_props",
            ScriptedServer::start(Vec::<Reply>::new())
                .unwrap()
                .as_llama_cpp("qwen3", 8_192, true),
            "/props",
        ),
        (
            "llama_cpp_models",
            ScriptedServer::start(Vec::<Reply>::new())
                .unwrap()
                .as_llama_cpp("qwen3", 8_192, true),
            "/v1/models",
        ),
        (
            "vllm_models",
            ScriptedServer::start(Vec::<Reply>::new())
                .unwrap()
                .as_vllm("qwen3", 32_768),
            "/v1/models",
        ),
    ];
    for (name, server, path) in asked {
        let http = slipway_net::loopback_client().unwrap();
        let url = format!("http://{}{path}", server.address());
        let bytes = http.get(url).send().await.unwrap().bytes().await.unwrap();
        plant("model_lists", name, &bytes);
    }
    let lists: [(&str, Value); 4] = [
        (
            "lm_studio",
            json!({"models": [{"type": "llm", "key": "qwen3", "max_context_length": 32_768, "loaded_instances": [{"config": {"context_length": 4_096}}], "capabilities": {"vision": false, "trained_for_tool_use": true, "reasoning": {}}}]}),
        ),
        (
            "lm_studio_older",
            json!({"data": [{"id": "qwen3", "type": "vlm", "capabilities": ["tool_use"], "max_context_length": 32_768, "loaded_context_length": 4_096}]}),
        ),
        (
            "anthropic",
            json!({"data": [{"id": "claude-a", "type": "model"}], "has_more": true, "last_id": "claude-a"}),
        ),
        (
            "gemini",
            json!({"models": [{"name": "models/gemini-x", "inputTokenLimit": 1_000_000, "supportedGenerationMethods": ["generateContent"]}], "nextPageToken": "t"}),
        ),
    ];
    for (name, list) in lists {
        plant("model_lists", name, list.to_string().as_bytes());
    }
}
