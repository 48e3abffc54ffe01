namespace MatchCluster.Matching.Images;

/// <summary>The formats that pictures are read in. What bytes are is told by their beginning.</summary>
public enum ImageFormat
{
    /// <summary>Pixels alone; whoever sends them states the size.</summary>
    Raw,

    /// <summary>Portable bitmap, graymap or pixmap, binary or as text (Netpbm).</summary>
    Pnm,

    /// <summary>Windows bitmap.</summary>
    Bmp,

    /// <summary>Portable Network Graphics.</summary>
    Png,

    /// <summary>Wavelet scalar quantisation.</summary>
    Wsq,

    /// <summary>Tagged Image File Format.</summary>
    Tiff,

    /// <summary>JPEG, in JFIF or Exif or bare.</summary>
    Jpeg,

    /// <summary>JPEG 2000, as a .jp2 file or a bare codestream.</summary>
    Jpeg2000,
}
