//! A stand-in for a mail server: it speaks as much of RFC 5321 as it takes to be given letters, and keeps them.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A mail server that keeps what it is given.
pub struct Smtp {
    /// Its URL, as settings have it.
    pub url: String,
    letters: Arc<Mutex<Vec<String>>>,
}

impl Smtp {
    /// Starts one on a free port.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("smtp://{}", listener.local_addr().expect("an address"));
        let letters = Arc::<Mutex<Vec<String>>>::default();
        let kept = Arc::clone(&letters);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&kept)));
            }
        });
        Self { url, letters }
    }

    /// All letters that it was given, each time that it was.
    pub fn letters(&self) -> Vec<String> {
        self.letters.lock().expect("letters").clone()
    }
}

async fn talk(stream: TcpStream, kept: Arc<Mutex<Vec<String>>>) -> Option<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 stand-in\r\n").await.ok()?;
    while let Some(line) = lines.next_line().await.ok()? {
        let answer: &[u8] = match line.get(..4).unwrap_or(&line) {
            "DATA" => b"354 go on\r\n",
            "QUIT" => b"221 bye\r\n",
            _ => b"250 fine\r\n",
        };
        writer.write_all(answer).await.ok()?;
        if line == "DATA" {
            let mut letter = String::new();
            loop {
                let line = lines.next_line().await.ok()??;
                if line == "." {
                    break;
                }
                letter.push_str(&line);
                letter.push('\n');
            }
            kept.lock().expect("letters").push(letter);
            writer.write_all(b"250 kept\r\n").await.ok()?;
        }
    }
    Some(())
}
