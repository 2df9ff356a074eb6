//! A record in a segment: a head of fixed length, what is known of the attempt, and the bodies.

use flate2::Crc;
use serde::{Deserialize, Serialize};
use slipway_contract::model::ModelRef;
use slipway_contract::wire::{WireCut, WireFile};
use slipway_contract::{RunId, StepId, Timestamp};

use super::repeat::Repeated;

/// Where a record begins, and by which one is found again after something that is none.
pub(super) const MAGIC: [u8; 8] = *b"\xf5SLwire1";
/// Bytes of a head.
pub(super) const HEAD: usize = 56;
/// No record is longer than this; what says so is damaged.
const LONGEST: u64 = 512 << 20;

const REQUEST_IS_PACKED: u16 = 1;
const RESPONSE_IS_PACKED: u16 = 2;
const REPEATS: u16 = 4;

/// The beginning of a record, by which the rest is passed over or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) run: RunId,
    pub(super) step: StepId,
    pub(super) attempt: u32,
    pub(super) request_is_packed: bool,
    pub(super) response_is_packed: bool,
    /// Where the record lies whose request this one's repeats.
    pub(super) repeats: Option<u64>,
    /// Bytes of each part as they are stored.
    pub(super) about: u32,
    pub(super) request: u32,
    pub(super) response: u32,
    /// The checksum of the parts.
    pub(super) sum: u32,
}

/// What is known of an attempt besides its bodies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct About {
    pub(super) model: ModelRef,
    pub(super) at: Timestamp,
    pub(super) took_ms: u64,
    pub(super) url: String,
    pub(super) status: Option<u16>,
    pub(super) request_headers: Vec<(String, String)>,
    pub(super) response_headers: Vec<(String, String)>,
    pub(super) request_bytes: u64,
    pub(super) response_bytes: u64,
    /// Bytes of the parts before they were packed.
    pub(super) request_length: usize,
    pub(super) response_length: usize,
    #[serde(default)]
    pub(super) repeated: Repeated,
    /// Bytes of the request's body as it is kept; none where it is kept as it was sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) request_kept: Option<u64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) request_files: Vec<WireFile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) cut: Option<WireCut>,
}

impl Head {
    /// Bytes of the parts that follow the head.
    pub(super) fn rest(&self) -> u64 {
        u64::from(self.about) + u64::from(self.request) + u64::from(self.response)
    }

    pub(super) fn bytes(&self) -> [u8; HEAD] {
        let flag = |is_set: bool, flag: u16| if is_set { flag } else { 0 };
        let flags = flag(self.request_is_packed, REQUEST_IS_PACKED)
            | flag(self.response_is_packed, RESPONSE_IS_PACKED)
            | flag(self.repeats.is_some(), REPEATS);
        let mut bytes = [0; HEAD];
        let mut at = 12;
        let mut put = |part: &[u8]| {
            bytes[at..at + part.len()].copy_from_slice(part);
            at += part.len();
        };
        put(self.run.as_bytes());
        put(&flags.to_le_bytes());
        put(&self.step.0.to_le_bytes());
        put(&self.attempt.to_le_bytes());
        put(&self.about.to_le_bytes());
        put(&self.request.to_le_bytes());
        put(&self.response.to_le_bytes());
        put(&self.repeats.unwrap_or_default().to_le_bytes());
        put(&self.sum.to_le_bytes());
        let sum = sum(&[&bytes[12..]]);
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&sum.to_le_bytes());
        bytes
    }

    /// The head; none where these bytes are none, or damaged.
    pub(super) fn read(bytes: &[u8; HEAD]) -> Option<Self> {
        let u32_at = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        if bytes[..8] != MAGIC || u32_at(8)? != sum(&[&bytes[12..]]) {
            return None;
        }
        let flags = u16::from_le_bytes(bytes[22..24].try_into().ok()?);
        let before = u64::from_le_bytes(bytes[44..52].try_into().ok()?);
        let head = Self {
            run: RunId::from_random(bytes[12..22].try_into().ok()?),
            step: StepId(u32_at(24)?),
            attempt: u32_at(28)?,
            request_is_packed: flags & REQUEST_IS_PACKED != 0,
            response_is_packed: flags & RESPONSE_IS_PACKED != 0,
            repeats: (flags & REPEATS != 0).then_some(before),
            about: u32_at(32)?,
            request: u32_at(36)?,
            response: u32_at(40)?,
            sum: u32_at(52)?,
        };
        (head.rest() <= LONGEST).then_some(head)
    }
}

/// CRC-32 over the parts.
pub(super) fn sum(parts: &[&[u8]]) -> u32 {
    let mut crc = Crc::new();
    for part in parts {
        crc.update(part);
    }
    crc.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_comes_back_and_a_damaged_one_does_not() {
        let head = Head {
            run: RunId::from_random([7; 10]),
            step: StepId(3),
            attempt: 2,
            request_is_packed: true,
            response_is_packed: false,
            repeats: Some(1 << 40),
            about: 500,
            request: 70_000,
            response: 0,
            sum: 0xdead_beef,
        };
        let bytes = head.bytes();
        assert_eq!(Head::read(&bytes), Some(head));
        for at in 0..HEAD {
            let mut damaged = bytes;
            damaged[at] ^= 0x10;
            assert_eq!(Head::read(&damaged), None, "byte {at}");
        }
        let long = Head {
            request: u32::MAX,
            ..head
        };
        assert_eq!(Head::read(&long.bytes()), None, "longer than any record");
    }
}
