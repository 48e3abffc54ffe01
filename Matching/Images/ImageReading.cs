namespace MatchCluster.Matching.Images;

/// <summary>How a picture is to be read.</summary>
public sealed record ImageReading
{
    /// <summary>Every format that is told by its bytes.</summary>
    public static ImageReading Default { get; } = new();

    /// <summary>Size of bytes that are pixels alone, one a pixel; null where the bytes are a file.</summary>
    public RawSize? Raw { get; init; }

    /// <summary>
    /// Whether JPEG and JPEG 2000 are read, which a native library does. Everything else is read by managed code.
    /// </summary>
    public bool AllowsNative { get; init; } = true;
}

/// <summary>The size of a picture without a header.</summary>
/// <param name="Width">Pixels of a row.</param>
/// <param name="Height">Rows.</param>
public readonly record struct RawSize(int Width, int Height);
