//! Photographs: an original becomes AVIF and WebP files in a few widths, named by the SHA-256 of the
//! original, so that the same picture is made once and its address can be cached for good.

use crate::Settings;
use image::{DynamicImage, ImageDecoder, ImageReader, RgbaImage, imageops::FilterType};
use ravif::{Encoder, Img};
use rgb::FromSlice;
use sha2::{Digest, Sha256};
use std::{
    fs,
    io::{self, Cursor},
    path::{Path, PathBuf},
};

/// The widths that are made of every picture, in pixels. A smaller picture gets its own width and those well below it.
pub const WIDTHS: [u32; 4] = [320, 640, 960, 1280];
/// File name extensions of the derived files, best first.
pub const FORMATS: [&str; 2] = ["avif", "webp"];

/// Judged by eye on glazes and speckles: below these, flat backgrounds show bands.
const AVIF_QUALITY: f32 = 60.0;
const WEBP_QUALITY: f32 = 78.0;
/// 1 is slowest, 10 fastest; the slower ones cost seconds a picture for a few percent of its size.
const AVIF_SPEED: u8 = 10;

/// A picture whose derived files exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// SHA-256 of the original, in lower-case hex.
    pub hash: String,
    /// Of the original as it is looked at (turned as its EXIF data say), in pixels.
    pub width: u32,
    pub height: u32,
    /// Ascending.
    pub widths: Vec<u32>,
}

#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    #[error("not a picture that can be read (JPEG, PNG or WebP): {0}")]
    Unreadable(#[from] image::ImageError),
    #[error("cannot be written as AVIF: {0}")]
    Avif(#[from] ravif::Error),
    #[error("cannot be written as WebP: {0:?}")]
    Webp(webp::WebPEncodingError),
    #[error("the media folder cannot be used: {0}")]
    Folder(#[from] io::Error),
}

/// Makes what is missing of a picture's files under `{data_folder}/media/{hash}/`. Blocks for some tenths of a
/// second a picture: call it where blocking is allowed.
///
/// # Errors
/// The bytes are no picture, or the folder cannot be written to.
pub fn store(settings: &Settings, original: &[u8]) -> Result<Derived, MediaError> {
    let derived = measure(original)?;
    let folder = settings.data_folder.join("media").join(&derived.hash);
    if is_complete(&folder, &derived.widths) {
        return Ok(derived);
    }
    fs::create_dir_all(&folder)?;
    let mut picture = decode(original)?;
    // Each width is made from the next larger one: nearly the same picture for a fraction of the work.
    for &width in derived.widths.iter().rev() {
        if width != picture.width() {
            picture = resized(picture, width, height_at(width, &derived));
        }
        write_whole(&folder, &format!("{width}.avif"), &avif(&picture)?)?;
        write_whole(&folder, &format!("{width}.webp"), &webp(&picture)?)?;
    }
    Ok(derived)
}

/// Reads a picture as [`store`] does, but writes nothing. Blocks.
///
/// # Errors
/// The bytes are no picture.
pub fn inspect(original: &[u8]) -> Result<Derived, MediaError> {
    decode(original)?;
    measure(original)
}

/// Where a derived file is, if there can be such a file: whatever the address says, the path stays in the media folder.
#[must_use]
pub fn media_path(settings: &Settings, hash: &str, width: u32, format: &str) -> Option<PathBuf> {
    let is_hash = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let is_known = FORMATS.contains(&format) && (1..=WIDTHS[WIDTHS.len() - 1]).contains(&width);
    (is_hash && is_known).then(|| settings.data_folder.join("media").join(hash).join(format!("{width}.{format}")))
}

fn measure(original: &[u8]) -> Result<Derived, MediaError> {
    let mut decoder = ImageReader::new(Cursor::new(original)).with_guessed_format().map_err(image::ImageError::IoError)?.into_decoder()?;
    let (wide, high) = decoder.dimensions();
    let is_turned = matches!(
        decoder.orientation()?,
        image::metadata::Orientation::Rotate90
            | image::metadata::Orientation::Rotate270
            | image::metadata::Orientation::Rotate90FlipH
            | image::metadata::Orientation::Rotate270FlipH
    );
    let (width, height) = if is_turned { (high, wide) } else { (wide, high) };
    Ok(Derived { hash: hex::encode(Sha256::digest(original)), width, height, widths: widths_of(width) })
}

fn widths_of(own: u32) -> Vec<u32> {
    let largest = own.min(WIDTHS[WIDTHS.len() - 1]);
    // 960 beside 1040 would save nobody anything, and cost the most of all to make.
    let is_well_below = |width: &u32| width * 7 < largest * 6;
    WIDTHS.into_iter().filter(is_well_below).chain([largest]).collect()
}

fn height_at(width: u32, derived: &Derived) -> u32 {
    let exact = u64::from(derived.height) * u64::from(width);
    let rounded = (exact + u64::from(derived.width) / 2) / u64::from(derived.width.max(1));
    u32::try_from(rounded).unwrap_or(u32::MAX).max(1)
}

fn is_complete(folder: &Path, widths: &[u32]) -> bool {
    let exists = |name: String| fs::metadata(folder.join(name)).is_ok_and(|file| file.len() > 0);
    widths.iter().all(|width| FORMATS.iter().all(|format| exists(format!("{width}.{format}"))))
}

fn decode(original: &[u8]) -> Result<RgbaImage, MediaError> {
    let mut decoder = ImageReader::new(Cursor::new(original)).with_guessed_format().map_err(image::ImageError::IoError)?.into_decoder()?;
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    picture.apply_orientation(orientation);
    // Greys, palettes and 16 bits become what both encoders take; they leave out an alpha that is opaque everywhere.
    Ok(picture.into_rgba8())
}

fn resized(picture: RgbaImage, width: u32, height: u32) -> RgbaImage {
    DynamicImage::from(picture).resize_exact(width, height, FilterType::CatmullRom).into_rgba8()
}

fn avif(picture: &RgbaImage) -> Result<Vec<u8>, MediaError> {
    // One thread a picture: several pictures are made at once.
    let encoder = Encoder::new()
        .with_quality(AVIF_QUALITY)
        .with_alpha_quality(AVIF_QUALITY)
        .with_speed(AVIF_SPEED)
        .with_bit_depth(ravif::BitDepth::Eight)
        .with_num_threads(Some(1));
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    // Not `encode_rgb`: it is inlined and would be compiled here, in development without optimisation (fifteen times slower).
    Ok(encoder.encode_rgba(Img::new(picture.as_raw().as_rgba(), width, height))?.avif_file)
}

fn webp(picture: &RgbaImage) -> Result<Vec<u8>, MediaError> {
    let encoder = webp::Encoder::from_rgba(picture, picture.width(), picture.height());
    encoder.encode_simple(false, WEBP_QUALITY).map(|bytes| bytes.to_vec()).map_err(MediaError::Webp)
}

/// A reader never sees half a file, and two writers of the same picture do not disturb each other.
fn write_whole(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let unfinished = folder.join(format!(".{name}.{:016x}", rand::random::<u64>()));
    fs::write(&unfinished, bytes)?;
    fs::rename(&unfinished, folder.join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_enlarged_and_the_own_width_is_kept() {
        assert_eq!(widths_of(4000), [320, 640, 960, 1280]);
        assert_eq!(widths_of(1200), [320, 640, 960, 1200]);
        assert_eq!(widths_of(1040), [320, 640, 1040]);
        assert_eq!(widths_of(640), [320, 640]);
        assert_eq!(widths_of(90), [90]);
    }
}
