namespace MatchCluster.Matching.Images;

/// <summary>A picture of one channel, row by row from the top left; 0 is black, 255 white.</summary>
/// <param name="Width">Pixels of a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Pixels">Width times height bytes.</param>
public sealed record GrayImage(int Width, int Height, ReadOnlyMemory<byte> Pixels)
{
    /// <summary>What the bytes were; null for a picture that was not read from any.</summary>
    public ImageFormat? Format { get; init; }

    /// <summary>Pixels per inch that the file states, as it states them; null where it states none.</summary>
    public int? StatedPpi { get; init; }

    /// <summary>
    /// What was read although the file breaks a rule of its format: sentences for a caller.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
