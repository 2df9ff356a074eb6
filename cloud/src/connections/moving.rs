//! A connection whose writes must get somewhere: who does not read what is sent to them is hung up on.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

/// How many bytes a peer must take in the time that it has, unless there are fewer for it.
const LEAST: usize = 64 * 1024;

/// A connection, on which a write fails when the peer took less than [`LEAST`] bytes in this time.
#[derive(Debug)]
pub(super) struct Moving<S> {
    stream: S,
    most: Duration,
    /// Until when, while it has something to wait for.
    until: Option<Pin<Box<Sleep>>>,
    /// What was taken in that time.
    taken: usize,
}

impl<S> Moving<S> {
    pub(super) fn new(stream: S, most: Duration) -> Self {
        Self {
            stream,
            most,
            until: None,
            taken: 0,
        }
    }

    pub(super) fn into_inner(self) -> S {
        self.stream
    }

    fn begin_anew(&mut self) {
        (self.until, self.taken) = (None, 0);
    }

    fn judge(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(Ok(count)) => {
                self.taken += count;
                if self.taken >= LEAST {
                    self.begin_anew();
                }
                Poll::Ready(Ok(count))
            }
            Poll::Ready(error) => Poll::Ready(error),
            Poll::Pending => {
                let most = self.most;
                let until = self.until.get_or_insert_with(|| Box::pin(sleep(most)));
                ready!(until.as_mut().poll(context));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Moving<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Moving<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.judge(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.judge(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // All that there was is written: hyper asks for this when its own buffer is empty.
        self.begin_anew();
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    #[tokio::test]
    async fn who_reads_nothing_is_given_up_and_who_reads_is_not() {
        let (near, mut far) = duplex(1024);
        let mut stream = Moving::new(near, Duration::from_millis(50));
        let error = stream.write_all(&[0; 4096]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        // The rest arrives at somebody who reads, however often it has to wait.
        let reader = tokio::spawn(async move {
            let mut read = Vec::new();
            far.read_to_end(&mut read).await.unwrap();
            read.len()
        });
        let mut stream = Moving::new(stream.into_inner(), Duration::from_secs(600));
        stream.write_all(&[0; 1 << 20]).await.unwrap();
        stream.flush().await.unwrap();
        assert!(stream.until.is_none() && stream.taken == 0);
        drop(stream);
        assert_eq!(reader.await.unwrap(), (1 << 20) + 1024);
    }
}
