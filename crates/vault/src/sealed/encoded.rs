//! Bytes as they stand in the file: Base64.

use data_encoding::BASE64;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// So many bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Encoded<const N: usize>(pub(crate) [u8; N]);

/// Any number of bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EncodedBytes(pub(crate) Vec<u8>);

impl<const N: usize> Serialize for Encoded<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(&self.0))
    }
}

impl<'de, const N: usize> Deserialize<'de> for Encoded<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let EncodedBytes(bytes) = EncodedBytes::deserialize(deserializer)?;
        let bytes = bytes
            .try_into()
            .map_err(|_| D::Error::custom(format_args!("{N} bytes are expected")))?;
        Ok(Self(bytes))
    }
}

impl Serialize for EncodedBytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for EncodedBytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64
            .decode(text.as_bytes())
            .map(Self)
            .map_err(D::Error::custom)
    }
}
